/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * TUN: the packet, unchanged, within another one to the endpoint: IP in IP (RFC 2003, RFC 2473), or UDP around
 * it (GUE variant 1, draft-ietf-intarea-gue, section 4) where routers do not pass other protocols.
 *
 *   Ethernet │ IP  source: varied per flow, destination: endpoint │ [UDP source port: varied] │ IP as it came │ …
 */
#ifndef STEELYARD_TUNNEL_H
#define STEELYARD_TUNNEL_H

#include "checksum.h"
#include "counters.h"
#include "flow.h"
#include "icmp.h"
#include "transmit.h"

#define GUE_PORT 6080
#define OUTER_TTL 64

/* The endpoint's network card spreads packets over its queues by the outer header, which has to differ by flow. */
INLINE void outer_source(struct address *source, const struct service *service, __u32 hash)
{
	copy_address(source, &service->tunnel_source);
	source->word[ADDRESS_WORDS - 1] =
		(source->word[ADDRESS_WORDS - 1] & ~service->tunnel_vary) | (hash & service->tunnel_vary);
}

/* A port of the range that RFC 6335 leaves to whoever comes. */
INLINE __be16 outer_source_port(__u32 hash)
{
	return bpf_htons(0xc000 | (hash >> 16 & 0x3fff));
}

INLINE int is_tunnelled(const struct flow *flow)
{
	return flow->mode == MODE_TUNNEL || flow->mode == MODE_GUE;
}

INLINE void fill_tunnel(struct flow *flow, const struct service *service, const struct flow_key *key)
{
	__u32 hash = hash_flow(key);

	outer_source(&flow->source, service, hash);
	flow->source_port = outer_source_port(hash);
}

INLINE void write_outer_ip(ip_header *ip, const struct address *source, const struct address *destination,
			   __u16 payload, __u8 protocol)
{
#ifdef IPV6
	*(__u32 *)ip = bpf_htonl(6 << 28);
	ip->payload_len = bpf_htons(payload);
	ip->nexthdr = protocol;
	ip->hop_limit = OUTER_TTL;
#else
	ip->version = 4;
	ip->ihl = 5;
	ip->tos = 0;
	ip->tot_len = bpf_htons(payload + sizeof(*ip));
	ip->id = 0;
	ip->frag_off = bpf_htons(0x4000); /* the size was checked; whoever drops it says so */
	ip->ttl = OUTER_TTL;
	ip->protocol = protocol;
	ip->check = 0;
#endif
	copy_address(source_of(ip), source);
	copy_address(destination_of(ip), destination);
#ifndef IPV6
	ip->check = ~fold(sum_of(ip, sizeof(*ip)));
#endif
}

/* Without a checksum: the packet within has its own (RFC 6935 allows it for IPv6 tunnels). */
INLINE void write_outer_udp(struct udphdr *udp, __be16 source, __u16 inner)
{
	udp->source = source;
	udp->dest = bpf_htons(GUE_PORT);
	udp->len = bpf_htons(inner + sizeof(*udp));
	udp->check = 0;
}

INLINE int send_through_tunnel(struct xdp_md *ctx, const struct packet *p, const struct flow *flow,
			       const struct endpoint *endpoint, const struct hop *hop)
{
	int udp = flow->mode == MODE_GUE ? sizeof(struct udphdr) : 0;
	int grow = sizeof(ip_header) + udp;
	__u32 inner = p->length;
	struct ethhdr *eth;
	ip_header *outer;

	if (inner + grow > endpoint->mtu) {
		drop(flow->service, DROP_TOO_BIG);
		return send_too_big(ctx, endpoint->mtu - grow);
	}
	if (bpf_xdp_adjust_head(ctx, -grow))
		return XDP_ABORTED;
	eth = (void *)(long)ctx->data;
	outer = (void *)(eth + 1);
	/* There is an IP packet behind it, so there is room for a UDP header in any case. */
	if ((void *)(outer + 1) + sizeof(struct udphdr) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	eth->h_proto = bpf_htons(ETHERTYPE);
	write_outer_ip(outer, &flow->source, &flow->destination, inner + udp, udp ? IPPROTO_UDP : TUNNEL);
	if (udp)
		write_outer_udp((void *)(outer + 1), flow->source_port, inner);
	return send_to(ctx, eth, hop);
}

#endif
