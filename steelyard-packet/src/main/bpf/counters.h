/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* One counter per processor: nobody waits, Java adds them up. */
#ifndef STEELYARD_COUNTERS_H
#define STEELYARD_COUNTERS_H

#include "maps.h"

/* What functions return that have not decided; XDP_ABORTED is 0. */
#define GO_ON (-1)

/* The verdict of a packet that is dropped has the reason above its low byte, for who traces it. */
#define REASON_SHIFT 8

INLINE int is_dropped(int verdict)
{
	return verdict >> REASON_SHIFT > 0;
}

INLINE __u8 reason_of(int verdict)
{
	return (verdict >> REASON_SHIFT) - 1;
}

/* service 0: for a virtual address, but for no service of it */
INLINE int drop(__u32 service, enum drop reason)
{
	__u32 index = service * DROP_REASONS + reason;
	__u64 *counter = bpf_map_lookup_elem(&drops, &index);

	if (counter)
		(*counter)++;
	return XDP_DROP | (reason + 1) << REASON_SHIFT;
}

INLINE void count_packet(const struct flow *flow, __u32 bytes)
{
	__u32 endpoint = flow->endpoint;
	struct endpoint_stats *stats = bpf_map_lookup_elem(&endpoint_stats, &endpoint);

	if (!stats)
		return;
	if (flow->answer) {
		stats->answer_packets++;
		stats->answer_bytes += bytes;
	} else {
		stats->packets++;
		stats->bytes += bytes;
	}
}

INLINE void count_connection(__u32 endpoint)
{
	struct endpoint_stats *stats = bpf_map_lookup_elem(&endpoint_stats, &endpoint);

	if (stats)
		stats->connections++;
}

#endif
