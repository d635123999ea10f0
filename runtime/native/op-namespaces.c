/* Operations of a new supervisor on itself: the namespaces that its sandbox shares, and their network. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "network.h"
#include "operations.h"

_Noreturn void init_run(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl(PR_SET_NAME, "kaji-init", 0, 0, 0);
  syscall(SYS_close_range, 0u, ~0u, 0u);
  setsid();
  signal(SIGCHLD, SIG_IGN);
  for (;;) pause();
}

int op_pid_namespace(struct context *context, struct arguments *arguments) {
  (void)context;
  (void)arguments;
  if (unshare(CLONE_NEWPID) != 0) return -1;
  pid_t pid = fork();
  if (pid == 0) init_run();
  return pid < 0 ? -1 : 0;
}

struct request {
  struct nlmsghdr header;
  union {
    struct ifinfomsg link;
    struct ifaddrmsg address;
    struct rtmsg route;
  } body;
  char attributes[512];
};

static struct request request_of(uint16_t type, uint16_t flags, size_t body) {
  struct request request;
  memset(&request, 0, sizeof request);
  request.header.nlmsg_len = (uint32_t)NLMSG_LENGTH(body);
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
  return request;
}

static struct rtattr *add_attribute(struct request *request, uint16_t type, const void *data,
                                    size_t length) {
  size_t at = NLMSG_ALIGN(request->header.nlmsg_len);
  struct rtattr *attribute = (struct rtattr *)(void *)((char *)request + at);
  attribute->rta_type = type;
  attribute->rta_len = (uint16_t)RTA_LENGTH(length);
  if (length > 0) memcpy(RTA_DATA(attribute), data, length);
  request->header.nlmsg_len = (uint32_t)(at + RTA_ALIGN(attribute->rta_len));
  return attribute;
}

static void end_nested(struct request *request, struct rtattr *attribute) {
  attribute->rta_len = (uint16_t)((char *)request + request->header.nlmsg_len - (char *)attribute);
}

/* Sends one request and waits for the kernel's word on it. */
static int transact(int netlink, struct request *request) {
  if (send(netlink, request, request->header.nlmsg_len, 0) < 0) return -1;
  char answer[1024];
  ssize_t length = recv(netlink, answer, sizeof answer, 0);
  if (length < (ssize_t)NLMSG_LENGTH(sizeof(int))) return -1;
  struct nlmsgerr error;
  memcpy(&error, NLMSG_DATA(answer), sizeof error.error);
  if (error.error == 0) return 0;
  errno = -error.error;
  return -1;
}

int netlink_open(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE); }

static int link_up(int netlink, unsigned index) {
  struct request request = request_of(RTM_NEWLINK, 0, sizeof request.body.link);
  request.body.link.ifi_index = (int)index;
  request.body.link.ifi_flags = request.body.link.ifi_change = IFF_UP;
  return transact(netlink, &request);
}

int loopback_up(void) {
  int netlink = netlink_open();
  if (netlink < 0) return -1;
  int result = link_up(netlink, 1);
  close(netlink);
  return result;
}

int op_network_namespace(struct context *context, struct arguments *arguments) {
  (void)arguments;
  context->host_netlink = netlink_open();
  if (context->host_netlink < 0 || unshare(CLONE_NEWNET) != 0) return -1;
  return loopback_up();
}

/* The index of a link by name, asked over a given socket: the caller may be in another namespace. */
static int index_of(int netlink, const char *name) {
  struct request request = request_of(RTM_GETLINK, 0, sizeof request.body.link);
  request.header.nlmsg_flags = NLM_F_REQUEST;
  add_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
  if (send(netlink, &request, request.header.nlmsg_len, 0) < 0) return -1;
  char answer[8192];
  ssize_t length = recv(netlink, answer, sizeof answer, 0);
  if (length < (ssize_t)NLMSG_LENGTH(sizeof(struct ifinfomsg))) return -1;
  struct nlmsghdr header;
  memcpy(&header, answer, sizeof header);
  if (header.nlmsg_type == NLMSG_ERROR) {
    int error;
    memcpy(&error, NLMSG_DATA(answer), sizeof error);
    errno = -error;
    return -1;
  }
  struct ifinfomsg link;
  memcpy(&link, NLMSG_DATA(answer), sizeof link);
  return link.ifi_index;
}

/* Both ends at once: the host's on the bridge and up, the other named eth0 in our namespace. It cannot be brought up
 * in the same request: it has no peer yet (ENOTCONN). */
struct address {
  struct in_addr ip;
  uint8_t prefix;
};

/* "10.244.0.7/24" */
static int parse_address(const char *text, struct address *address) {
  char plain[INET_ADDRSTRLEN];
  size_t length = strcspn(text, "/");
  snprintf(plain, sizeof plain, "%.*s", (int)length, text);
  if (text[length] != '/' || inet_pton(AF_INET, plain, &address->ip) != 1) {
    errno = EINVAL;
    return -1;
  }
  address->prefix = (uint8_t)strtoul(text + length + 1, NULL, 10);
  return 0;
}

/* What a dead sandbox of this name left, and the kernel has not taken away yet. */
static int delete_link(int netlink, const char *name) {
  struct request request = request_of(RTM_DELLINK, 0, sizeof request.body.link);
  add_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
  return transact(netlink, &request);
}

/* The hardware address follows from the IP: whoever remembers it from an earlier sandbox still reaches this one. */
static int add_veth(int netlink, int bridge, const char *host_name, struct in_addr ip, uint32_t mtu) {
  uint8_t hardware[6] = {0x0a, 0x58};
  memcpy(hardware + 2, &ip, sizeof ip);
  int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (own < 0) return -1;
  struct request request = request_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof request.body.link);
  request.body.link.ifi_flags = request.body.link.ifi_change = IFF_UP;
  add_attribute(&request, IFLA_IFNAME, host_name, strlen(host_name) + 1);
  add_attribute(&request, IFLA_MTU, &mtu, sizeof mtu);
  add_attribute(&request, IFLA_MASTER, &bridge, sizeof bridge);
  struct rtattr *info = add_attribute(&request, IFLA_LINKINFO, NULL, 0);
  add_attribute(&request, IFLA_INFO_KIND, "veth", 4);
  struct rtattr *data = add_attribute(&request, IFLA_INFO_DATA, NULL, 0);
  struct ifinfomsg peer = {0};
  struct rtattr *other = add_attribute(&request, VETH_INFO_PEER, &peer, sizeof peer);
  add_attribute(&request, IFLA_IFNAME, "eth0", 5);
  add_attribute(&request, IFLA_ADDRESS, hardware, sizeof hardware);
  add_attribute(&request, IFLA_MTU, &mtu, sizeof mtu);
  add_attribute(&request, IFLA_NET_NS_FD, &own, sizeof own);
  end_nested(&request, other);
  end_nested(&request, data);
  end_nested(&request, info);
  int result = transact(netlink, &request);
  int error = errno;
  close(own);
  errno = error;
  return result;
}

static int add_address(int netlink, int index, const struct address *address) {
  struct request request =
      request_of(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof request.body.address);
  request.body.address.ifa_family = AF_INET;
  request.body.address.ifa_prefixlen = address->prefix;
  request.body.address.ifa_index = (uint32_t)index;
  add_attribute(&request, IFA_LOCAL, &address->ip, sizeof address->ip);
  add_attribute(&request, IFA_ADDRESS, &address->ip, sizeof address->ip);
  return transact(netlink, &request);
}

static int add_default_route(int netlink, int index, const char *text) {
  struct in_addr gateway;
  if (inet_pton(AF_INET, text, &gateway) != 1) {
    errno = EINVAL;
    return -1;
  }
  struct request request = request_of(RTM_NEWROUTE, NLM_F_CREATE, sizeof request.body.route);
  request.body.route.rtm_family = AF_INET;
  request.body.route.rtm_table = RT_TABLE_MAIN;
  request.body.route.rtm_protocol = RTPROT_BOOT;
  request.body.route.rtm_scope = RT_SCOPE_UNIVERSE;
  request.body.route.rtm_type = RTN_UNICAST;
  add_attribute(&request, RTA_GATEWAY, &gateway, sizeof gateway);
  add_attribute(&request, RTA_OIF, &index, sizeof index);
  return transact(netlink, &request);
}

static void say(struct context *context, const char *what, const char *name) {
  snprintf(context->detail, sizeof context->detail, "%s %.200s", what, name);
}

/* Bridge, host interface, address/prefix, gateway, mtu. */
int op_veth(struct context *context, struct arguments *arguments) {
  const char *bridge_name = next_text(arguments);
  const char *host_name = next_text(arguments);
  const char *address_text = next_text(arguments);
  const char *gateway = next_text(arguments);
  uint32_t mtu = (uint32_t)next_number(arguments);
  say(context, "bridge", bridge_name);
  int bridge = index_of(context->host_netlink, bridge_name);
  if (bridge < 0) return -1;
  struct address address;
  say(context, "address", address_text);
  if (parse_address(address_text, &address) != 0) return -1;
  say(context, "interface", host_name);
  int added = add_veth(context->host_netlink, bridge, host_name, address.ip, mtu);
  if (added != 0 && errno == EEXIST && delete_link(context->host_netlink, host_name) == 0)
    added = add_veth(context->host_netlink, bridge, host_name, address.ip, mtu);
  if (added != 0) return -1;
  int netlink = netlink_open();
  if (netlink < 0) return -1;
  say(context, "address", address_text);
  int index = index_of(netlink, "eth0");
  int result = index < 0 ? -1 : link_up(netlink, (unsigned)index);
  if (result == 0) result = add_address(netlink, index, &address);
  if (result == 0) {
    say(context, "gateway", gateway);
    result = add_default_route(netlink, index, gateway);
  }
  int error = errno;
  close(netlink);
  errno = error;
  return result;
}
