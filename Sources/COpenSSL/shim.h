// What the TLS adapter needs of the system's OpenSSL, and functions in the place of its macros.
#ifndef HOLDFAST_COPENSSL_H
#define HOLDFAST_COPENSSL_H

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/// Sets the name that the ClientHello asks for (SNI); 1 when done.
static inline long hf_tls_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

/// TLS 1.2 is the oldest version that is spoken when `modern`, else TLS 1.0: a check also asks old servers.
static inline long hf_tls_set_oldest_version(SSL_CTX *context, int modern) {
    return SSL_CTX_set_min_proto_version(context, modern ? TLS1_2_VERSION : TLS1_VERSION);
}

#endif
