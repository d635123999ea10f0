#ifndef KAJI_RELAY_H
#define KAJI_RELAY_H

#include <stdint.h>

/* Connects to a port of this network namespace, answers the request on the client's socket, then carries bytes both
 * ways until both sides have ended. Does not return. */
_Noreturn void relay_run(int client, uint32_t request_id, uint16_t port);

#endif
