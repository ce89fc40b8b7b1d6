/* Preloaded into Pure-FTPd where the tests do not run as root. It switches to the user who logs in, who is then the
   user that it runs as already; without this it ends because it may not. The names belong to libc and libcap. */

int cap_set_proc(void *capabilities) { return 0; }
int setgroups(unsigned long count, const unsigned *groups) { return 0; }
int setgid(unsigned group) { return 0; }
int setegid(unsigned group) { return 0; }
int setuid(unsigned user) { return 0; }
int seteuid(unsigned user) { return 0; }
