#include <libwebsockets.h>
// Bytes that must be free before what lws_write is given; Swift cannot read the macro.
static const int timbre_lws_pre = LWS_PRE;
