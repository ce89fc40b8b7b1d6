// OpenSSL for Swift: the headers, and inline functions for what is a macro there.
#pragma once
#include <openssl/ssl.h>
