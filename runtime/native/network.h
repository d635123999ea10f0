#ifndef KAJI_NETWORK_H
#define KAJI_NETWORK_H

/* An rtnetlink socket of the network namespace that we are in. */
int netlink_open(void);
/* Brings up the loopback device of the network namespace that we are in. */
int loopback_up(void);
/* Process 1 of a shared pid namespace: reaps what is orphaned there, and dies with its parent. Does not return. */
_Noreturn void init_run(void);

#endif
