/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Who may not come in, and who comes too often. Only what clients send is asked. */
#ifndef STEELYARD_PROTECT_H
#define STEELYARD_PROTECT_H

#include "config.h"
#include "counters.h"

INLINE int is_denied(const struct address *source)
{
	struct prefix key = { .length = sizeof(struct address) * 8, .address = *source };
	__u32 *denied = bpf_map_lookup_elem(&access, &key);

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

/* Returns a verdict, or GO_ON. */
INLINE int protect_packet(const struct address *source, __u32 service, __u64 now)
{
	if (check_access && is_denied(source))
		return drop(service, DROP_DENIED);
	if (packet_cost) {
		struct source_limits *limits = limits_of(source, now);

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
