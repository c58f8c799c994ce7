#include <jack/jack.h>

// jack_client_open takes a variable number of arguments, which Swift cannot pass. A null server is the environment's.
static inline jack_client_t *timbre_jack_open(const char *name, const char *server, jack_status_t *status) {
    jack_options_t options = (jack_options_t)(JackNoStartServer | (server ? JackServerName : 0));
    return jack_client_open(name, options, status, server);
}
