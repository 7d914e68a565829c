/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Constants that Java sets before the program is loaded; the verifier removes the branches that they close. */
#ifndef STEELYARD_CONFIG_H
#define STEELYARD_CONFIG_H

#include "types.h"

/* Maglev with the same seed sends a client to the same endpoint from every balancer. */
const volatile __u64 hash_seed = 0;

/* Send by bpf_redirect rather than XDP_TX: veth loses XDP_TX frames when its peer has no XDP program. */
const volatile __u8 transmit_by_redirect = 0;

/* There is an access list. */
const volatile __u8 check_access = 0;

/* How many rules there are. */
const volatile __u32 rule_count = 0;

/* Nanoseconds that one packet or one new connection of a source costs, and how many ns may be owed; 0: no limit. */
const volatile __u64 packet_cost = 0;
const volatile __u64 packet_burst = 0;
const volatile __u64 connection_cost = 0;
const volatile __u64 connection_burst = 0;

/* Whether clients of NAT and FullNAT have to send back a cookie before there is a connection. */
const volatile __u8 syn_proxy = 0;

/* Under flood: nanoseconds that a connection costs which does not get beyond its SYN, and how many ns may be owed. */
const volatile __u64 unfinished_cost = 0;
const volatile __u64 unfinished_burst = 0;

/* The largest segment that clients may send when we answer their SYN. */
const volatile __u16 proxy_mss = 1440;

/* FullNAT: for how long a local port rests after its connection ended, so that the endpoint's TIME_WAIT is over. */
const volatile __u64 port_rest = 60000000000ULL;

/* FullNAT: after which silence a connection that has not ended gives its port away when there is no other. */
const volatile __u64 port_idle = 900000000000ULL;

/* The object keeps the names of types that something has; Java reads them there. */
const volatile enum mode names_of_modes = 0;
const volatile enum service_flag names_of_service_flags = 0;
const volatile enum endpoint_flag names_of_endpoint_flags = 0;
const volatile enum state names_of_states = 0;
const volatile enum drop names_of_drops = 0;
const volatile enum syn_proxy names_of_syn_proxy = 0;
struct trace *const volatile shape_of_traces = 0;

#endif
