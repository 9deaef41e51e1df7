// What the TLS adapter needs of the system's OpenSSL.
#include <openssl/evp.h>
