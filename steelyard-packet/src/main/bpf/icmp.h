/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* "Packet too big" to whoever sent it: ICMP type 3 code 4 (RFC 1191), ICMPv6 type 2 (RFC 4443, section 3.2). */
#ifndef STEELYARD_ICMP_H
#define STEELYARD_ICMP_H

#include "checksum.h"
#include "transmit.h"

#ifdef IPV6
#define ICMP_TOO_BIG_TYPE 2
#define ICMP_TOO_BIG_CODE 0
#else
#define ICMP_TOO_BIG_TYPE 3
#define ICMP_TOO_BIG_CODE 4
#endif

/* As much of the packet as every sender can tell its connection by: IP header and 8 bytes (RFC 792). */
#define QUOTE_BYTES ((int)sizeof(ip_header) + 8)

struct too_big {
	ip_header ip;
	struct icmp_header icmp;
	__u8 quote[QUOTE_BYTES];
};

INLINE void write_icmp_ip(ip_header *ip, const ip_header *about)
{
	const int payload = sizeof(struct too_big) - sizeof(ip_header);

#ifdef IPV6
	*(__u32 *)ip = bpf_htonl(6 << 28);
	ip->payload_len = bpf_htons(payload);
	ip->nexthdr = IPPROTO_ICMPV6;
	ip->hop_limit = 64;
#else
	*(__u64 *)ip = 0;
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = bpf_htons(payload + sizeof(*ip));
	ip->ttl = 64;
	ip->protocol = IPPROTO_ICMP;
	ip->check = 0;
#endif
	copy_address(source_of(ip), destination_of((ip_header *)about));
	copy_address(destination_of(ip), source_of((ip_header *)about));
#ifndef IPV6
	ip->check = ~fold(sum_of(ip, sizeof(*ip)));
#endif
}

INLINE __sum16 icmp_checksum(const struct too_big *message)
{
	__u64 sum = sum_of(&message->icmp, sizeof(message->icmp) + QUOTE_BYTES);

#ifdef IPV6
	/* The pseudo-header of RFC 8200, section 8.1. */
	sum += sum_of(&message->ip.saddr, 2 * sizeof(struct address));
	sum += bpf_htons(sizeof(message->icmp) + QUOTE_BYTES) + bpf_htons(IPPROTO_ICMPV6);
#endif
	return ~fold(sum);
}

/* Turns the packet into the message; mtu is what would have fitted. */
INLINE int send_too_big(struct xdp_md *ctx, __u32 mtu)
{
	const int head = sizeof(struct too_big) - QUOTE_BYTES;
	/* Not data_end - data: clang makes 32-bit arithmetic of it, which the verifier refuses for pointers. */
	int cut = bpf_xdp_get_buff_len(ctx) - (sizeof(struct ethhdr) + QUOTE_BYTES);
	struct too_big *message;
	struct ethhdr *eth, *old;

	if (bpf_xdp_adjust_tail(ctx, -cut) || bpf_xdp_adjust_head(ctx, -head))
		return XDP_ABORTED;
	eth = (void *)(long)ctx->data;
	message = (void *)(eth + 1);
	if ((void *)(message + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	old = (void *)eth + head;
	__builtin_memmove(eth, old, sizeof(*eth));
	write_icmp_ip(&message->ip, (void *)message->quote);
	message->icmp.type = ICMP_TOO_BIG_TYPE;
	message->icmp.code = ICMP_TOO_BIG_CODE;
	message->icmp.checksum = 0;
	message->icmp.rest = bpf_htonl(mtu);
	message->icmp.checksum = icmp_checksum(message);
	return send_back(ctx, eth);
}

#endif
