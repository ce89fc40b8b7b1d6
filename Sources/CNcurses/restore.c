int ferry_placeholder(void) { return 0; }
