/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Who may not come in, and who comes too often. Only what clients send is asked. */
#ifndef STEELYARD_PROTECT_H
#define STEELYARD_PROTECT_H

#include "config.h"
#include "counters.h"

INLINE int is_denied(const struct address *source)
{
	struct prefix key = { .length = sizeof(struct address) * 8, .address = *source };
	__u32 zero = 0, *denied;
	void *list = bpf_map_lookup_elem(&access, &zero);

	if (!list)
		return 0;
	denied = bpf_map_lookup_elem(list, &key);
	return denied && *denied;
}

/*
 * A token bucket kept as one number: the time at which it will be full again. What is taken moves that time
 * away by its cost, and it may be no further than the burst. Two processors may grant one packet too many.
 */
INLINE int take(__u64 *full, __u64 now, __u64 cost, __u64 burst)
{
	__u64 next = (*full > now ? *full : now) + cost;

	if (next - now > burst)
		return 0;
	*full = next;
	return 1;
}

INLINE struct source_limits *limits_of(const struct address *source, __u64 now)
{
	struct source_limits fresh = { now, now };
	struct source_limits *limits = bpf_map_lookup_elem(&sources, source);

	if (limits)
		return limits;
	bpf_map_update_elem(&sources, source, &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&sources, source);
}

INLINE __u32 access_state_now(void)
{
	__u32 zero = 0;
	__u32 *state = bpf_map_lookup_elem(&access_state, &zero);

	return state ? *state : 0;
}

/*
 * Looks into the list, unless the flow was let in by the list as it is: a look costs as much as all the rest of
 * what a known packet needs. Of the state's number 16 bits are kept, so a flow would have to be silent for exactly 65,535
 * changes to be let in by mistake.
 */
INLINE int is_let_in(const struct address *source, struct flow *known)
{
	__u16 state;

	if (!check_access)
		return 1;
	state = access_state_now();
	if (known && known->checked == state)
		return 1;
	if (is_denied(source))
		return 0;
	if (known)
		known->checked = state;
	return 1;
}

INLINE __u32 differs(const struct address *address, const struct address *from, const struct address *mask)
{
	__u32 difference = 0;

#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		difference |= (address->word[i] ^ from->word[i]) & mask->word[i];
	return difference;
}

INLINE int matches(const struct rule *rule, const struct flow_key *key)
{
	__u16 source = bpf_ntohs(key->source_port), destination = bpf_ntohs(key->destination_port);

	return !(differs(&key->source, &rule->source, &rule->source_mask) |
		 differs(&key->destination, &rule->destination, &rule->destination_mask)) &&
	       (!rule->protocol || rule->protocol == key->protocol) && source >= rule->source_first &&
	       source <= rule->source_last && destination >= rule->destination_first &&
	       destination <= rule->destination_last;
}

INLINE int is_ruled_out(const struct flow_key *key)
{
	for (__u32 i = 0; i < MAX_RULES; i++) {
		__u32 number = i;
		struct rule *rule;

		if (i >= rule_count)
			return 0;
		rule = bpf_map_lookup_elem(&rules, &number);
		if (rule && matches(rule, key))
			return rule->drops;
	}
	return 0;
}

/*
 * known: the packet's flow, or 0
 * Returns a verdict, or GO_ON.
 */
INLINE int protect_packet(const struct flow_key *key, struct flow *known, __u32 service)
{
	if (!is_let_in(&key->source, known))
		return drop(service, DROP_DENIED);
	if (rule_count && is_ruled_out(key))
		return drop(service, DROP_RULE);
	if (packet_cost) {
		__u64 now = bpf_ktime_get_coarse_ns();
		struct source_limits *limits = limits_of(&key->source, now);

		if (limits && !take(&limits->packets_full, now, packet_cost, packet_burst))
			return drop(service, DROP_PACKET_RATE);
	}
	return GO_ON;
}

INLINE int protect_connection(const struct address *source, __u32 service, __u64 now)
{
	if (connection_cost) {
		struct source_limits *limits = limits_of(source, now);

		if (limits && !take(&limits->connections_full, now, connection_cost, connection_burst))
			return drop(service, DROP_NEW_RATE);
	}
	return GO_ON;
}

#endif
