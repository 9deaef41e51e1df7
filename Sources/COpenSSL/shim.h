// What the TLS adapter needs of the system's OpenSSL, and functions in the place of its macros.
#ifndef HOLDFAST_COPENSSL_H
#define HOLDFAST_COPENSSL_H

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

/// Sets the name that the ClientHello asks for (SNI); 1 when done.
static inline long hf_tls_set_server_name(SSL *ssl, const char *name) {
    return SSL_set_tlsext_host_name(ssl, name);
}

/// TLS 1.2 is the oldest version that is spoken when `modern`, else TLS 1.0: a check also asks old servers.
static inline long hf_tls_set_oldest_version(SSL_CTX *context, int modern) {
    return SSL_CTX_set_min_proto_version(context, modern ? TLS1_2_VERSION : TLS1_VERSION);
}

/// The password of a file of PEM: the text at `data`.
static inline int hf_tls_password(char *buffer, int size, int writing, void *data) {
    (void)writing;
    size_t length = strlen((const char *)data);
    if (length > (size_t)size) return -1;
    memcpy(buffer, data, length);
    return (int)length;
}

/// Certificate chain and key from PEM: 1, or -1 for a bad certificate, -2 for a bad key, 0 when they do not belong
/// together. `password` is never asked for on a terminal.
static inline int hf_tls_use_identity(SSL_CTX *context, const void *certificate, int certificate_size,
                                      const void *key, int key_size, const char *password) {
    int result = -1;
    BIO *bio = BIO_new_mem_buf(certificate, certificate_size);
    X509 *own = bio ? PEM_read_bio_X509(bio, NULL, hf_tls_password, (void *)password) : NULL;
    if (own && SSL_CTX_use_certificate(context, own) == 1) {
        result = 1;
        X509 *next;
        while (result == 1 && (next = PEM_read_bio_X509(bio, NULL, hf_tls_password, (void *)password))) {
            if (SSL_CTX_add0_chain_cert(context, next) != 1) {
                X509_free(next);
                result = -1;
            }
        }
        // The end of the file is told as an error; any other is a certificate that is damaged.
        if (result == 1 && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) result = -1;
        if (result == 1) ERR_clear_error();
    }
    X509_free(own);
    BIO_free(bio);
    if (result != 1) return result;
    bio = BIO_new_mem_buf(key, key_size);
    EVP_PKEY *secret = bio ? PEM_read_bio_PrivateKey(bio, NULL, hf_tls_password, (void *)password) : NULL;
    BIO_free(bio);
    if (!secret) return -2;
    result = SSL_CTX_use_PrivateKey(context, secret) == 1 && SSL_CTX_check_private_key(context) == 1;
    EVP_PKEY_free(secret);
    return result;
}

#endif
