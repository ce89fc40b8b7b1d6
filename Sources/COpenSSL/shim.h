// OpenSSL for Swift: the headers, and inline functions for what is a macro there.
#pragma once
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// MARK: BIO

static inline void ferry_bio_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline void ferry_bio_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline long ferry_bio_memory(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

// MARK: contexts and sessions

static inline long ferry_ssl_ctx_min_version(SSL_CTX *ctx) { return SSL_CTX_get_min_proto_version(ctx); }
static inline long ferry_ssl_ctx_max_version(SSL_CTX *ctx) { return SSL_CTX_get_max_proto_version(ctx); }
static inline long ferry_ssl_ctx_set_min_version(SSL_CTX *ctx, int v) { return SSL_CTX_set_min_proto_version(ctx, v); }
static inline long ferry_ssl_ctx_set_max_version(SSL_CTX *ctx, int v) { return SSL_CTX_set_max_proto_version(ctx, v); }
static inline long ferry_ssl_ctx_set_cache_mode(SSL_CTX *ctx, long mode) {
  return SSL_CTX_set_session_cache_mode(ctx, mode);
}
static inline long ferry_ssl_ctx_set_cache_size(SSL_CTX *ctx, long n) { return SSL_CTX_sess_set_cache_size(ctx, n); }
static inline long ferry_ssl_ctx_set_mode(SSL_CTX *ctx, long mode) { return SSL_CTX_set_mode(ctx, mode); }
static inline long ferry_ssl_ctx_add1_chain_cert(SSL_CTX *ctx, X509 *certificate) {
  return SSL_CTX_add1_chain_cert(ctx, certificate);
}
static inline long ferry_ssl_set_server_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }
/// Asks the server for a stapled answer about its certificate (RFC 6066 section 8).
static inline long ferry_ssl_request_status(SSL *ssl) {
  return SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
}
/// The stapled answer, which stays OpenSSL's; -1 where there is none.
static inline long ferry_ssl_status_response(SSL *ssl, const unsigned char **bytes) {
  return SSL_get_tlsext_status_ocsp_resp(ssl, bytes);
}
static inline long ferry_ssl_ctx_set_status_cb(SSL_CTX *ctx, int (*callback)(SSL *, void *)) {
  return SSL_CTX_set_tlsext_status_cb(ctx, callback);
}
static inline long ferry_ssl_negotiated_group(SSL *ssl) { return SSL_get_negotiated_group(ssl); }
static inline long ferry_ssl_set_group(SSL *ssl, int group) { return SSL_set1_groups(ssl, &group, 1); }
static inline int ferry_ssl_set_retry_verify(SSL *ssl) { return SSL_set_retry_verify(ssl); }

static const uint64_t ferry_op_no_compression = SSL_OP_NO_COMPRESSION;
static const uint64_t ferry_op_no_renegotiation = SSL_OP_NO_RENEGOTIATION;
static const uint64_t ferry_op_ignore_unexpected_eof = SSL_OP_IGNORE_UNEXPECTED_EOF;

// MARK: stacks

static inline int ferry_certificates_count(const STACK_OF(X509) *s) { return s == NULL ? 0 : sk_X509_num(s); }
static inline X509 *ferry_certificates_at(const STACK_OF(X509) *s, int i) { return sk_X509_value(s, i); }
static inline STACK_OF(X509) *ferry_certificates_new(void) { return sk_X509_new_null(); }
static inline int ferry_certificates_push(STACK_OF(X509) *s, X509 *x) { return sk_X509_push(s, x); }
/// Frees the stack and drops one reference of each certificate in it.
static inline void ferry_certificates_free(STACK_OF(X509) *s) { sk_X509_pop_free(s, X509_free); }

static inline STACK_OF(X509_CRL) *ferry_crls_new(void) { return sk_X509_CRL_new_null(); }
static inline int ferry_crls_push(STACK_OF(X509_CRL) *s, X509_CRL *l) { return sk_X509_CRL_push(s, l); }
/// Frees the stack and drops one reference of each list in it.
static inline void ferry_crls_free(STACK_OF(X509_CRL) *s) { sk_X509_CRL_pop_free(s, X509_CRL_free); }

static inline int ferry_names_count(const STACK_OF(X509_NAME) *s) { return s == NULL ? 0 : sk_X509_NAME_num(s); }
static inline X509_NAME *ferry_names_at(const STACK_OF(X509_NAME) *s, int i) { return sk_X509_NAME_value(s, i); }
static inline STACK_OF(X509_NAME) *ferry_names_new(void) { return sk_X509_NAME_new_null(); }
static inline int ferry_names_push(STACK_OF(X509_NAME) *s, X509_NAME *n) { return sk_X509_NAME_push(s, n); }

static inline int ferry_general_names_count(const GENERAL_NAMES *s) { return s == NULL ? 0 : sk_GENERAL_NAME_num(s); }
static inline GENERAL_NAME *ferry_general_names_at(const GENERAL_NAMES *s, int i) { return sk_GENERAL_NAME_value(s, i); }
static inline int ferry_general_names_push(GENERAL_NAMES *s, GENERAL_NAME *n) { return sk_GENERAL_NAME_push(s, n); }

static inline int ferry_access_count(const AUTHORITY_INFO_ACCESS *s) {
  return s == NULL ? 0 : sk_ACCESS_DESCRIPTION_num(s);
}
static inline int ferry_access_is_issuers(const AUTHORITY_INFO_ACCESS *s, int i) {
  return OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(s, i)->method) == NID_ad_ca_issuers;
}

static inline int ferry_objects_count(const EXTENDED_KEY_USAGE *s) { return s == NULL ? 0 : sk_ASN1_OBJECT_num(s); }
static inline ASN1_OBJECT *ferry_objects_at(const EXTENDED_KEY_USAGE *s, int i) { return sk_ASN1_OBJECT_value(s, i); }

static inline STACK_OF(X509_EXTENSION) *ferry_extensions_new(void) { return sk_X509_EXTENSION_new_null(); }
static inline int ferry_extensions_push(STACK_OF(X509_EXTENSION) *s, X509_EXTENSION *e) {
  return sk_X509_EXTENSION_push(s, e);
}
static inline void ferry_extensions_free(STACK_OF(X509_EXTENSION) *s) {
  sk_X509_EXTENSION_pop_free(s, X509_EXTENSION_free);
}

/// The certificates of a PKCS#7 message, which is signed or holds nothing but them; it stays their owner.
static inline STACK_OF(X509) *ferry_pkcs7_certificates(PKCS7 *p) {
  return PKCS7_type_is_signed(p) && p->d.sign != NULL ? p->d.sign->cert : NULL;
}

static inline int ferry_integers_count(const STACK_OF(ASN1_INTEGER) *s) { return s == NULL ? 0 : sk_ASN1_INTEGER_num(s); }
static inline long ferry_integers_at(const STACK_OF(ASN1_INTEGER) *s, int i) {
  return ASN1_INTEGER_get(sk_ASN1_INTEGER_value(s, i));
}
static inline void ferry_integers_free(STACK_OF(ASN1_INTEGER) *s) { sk_ASN1_INTEGER_pop_free(s, ASN1_INTEGER_free); }
