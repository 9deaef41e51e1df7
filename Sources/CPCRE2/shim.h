// What the Pattern adapter needs of the system's PCRE2, for subjects of octets.
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
