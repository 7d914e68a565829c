/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* NAT and FullNAT, both directions: other addresses, other ports, checksums by their differences. */
#ifndef STEELYARD_TRANSLATE_H
#define STEELYARD_TRANSLATE_H

#include "checksum.h"
#include "counters.h"
#include "flow.h"
#include "introduce.h"

INLINE int may_live_on(const ip_header *ip)
{
#ifdef IPV6
	return ip->hop_limit > 1;
#else
	return ip->ttl > 1;
#endif
}

/* Replaces the addresses and takes one off the time to live. Returns the difference of the addresses. */
INLINE __u64 translate_ip(ip_header *ip, const struct address *source, const struct address *destination)
{
	__u64 difference = address_difference(source_of(ip), source) +
			   address_difference(destination_of(ip), destination);

	copy_address(source_of(ip), source);
	copy_address(destination_of(ip), destination);
#ifdef IPV6
	ip->hop_limit--;
#else
	/* As 16 bits in the order of the wire, the time to live is the high byte. */
	ip->check = updated(ip->check, difference + (__u16)~bpf_htons(0x0100));
	ip->ttl--;
#endif
	return difference;
}

INLINE void translate_tcp(struct tcphdr *tcp, const struct flow *flow, __u64 difference)
{
	difference += port_difference(tcp->source, flow->source_port);
	difference += port_difference(tcp->dest, flow->destination_port);
	tcp->source = flow->source_port;
	tcp->dest = flow->destination_port;
	tcp->check = updated(tcp->check, difference);
}

INLINE void translate_udp(struct udphdr *udp, const struct flow *flow, __u64 difference)
{
	difference += port_difference(udp->source, flow->source_port);
	difference += port_difference(udp->dest, flow->destination_port);
	udp->source = flow->source_port;
	udp->dest = flow->destination_port;
	/* 0 says that there is no checksum; one that comes out as 0 is sent as its other form (RFC 768). */
	if (udp->check) {
		udp->check = updated(udp->check, difference);
		if (!udp->check)
			udp->check = 0xffff;
	}
}

/* Returns a verdict, or GO_ON. Protocols without ports carry no address in a checksum, but for ICMPv6. */
INLINE int translate(struct xdp_md *ctx, struct packet *p, const struct flow *flow, enum kind kind)
{
	void *end = (void *)(long)ctx->data_end;
	__u64 difference;

	if (!may_live_on(p->ip))
		return drop(flow->service, DROP_TTL);
	difference = translate_ip(p->ip, &flow->source, &flow->destination);
	if (kind == KIND_LATER_FRAGMENT)
		return GO_ON;
	if (p->key.protocol == IPPROTO_TCP) {
		if (p->transport + sizeof(struct tcphdr) > end)
			return XDP_ABORTED;
		translate_tcp(p->transport, flow, difference);
	} else if (p->key.protocol == IPPROTO_UDP) {
		if (p->transport + sizeof(struct udphdr) > end)
			return XDP_ABORTED;
		translate_udp(p->transport, flow, difference);
	}
#ifdef IPV6
	else if (p->key.protocol == IPPROTO_ICMPV6) {
		struct icmp_header *icmp = p->transport;

		if ((void *)(icmp + 1) > end)
			return XDP_ABORTED;
		icmp->checksum = updated(icmp->checksum, difference);
	}
#endif
	return GO_ON;
}

/* Of what the flow's other direction sent: what its sender knows it by. */
INLINE __u32 quoted_number(const struct flow *flow, __u32 number)
{
	if (!flow->answer)
		return flow->special & SPECIAL_SHIFTED ? number - flow->shift : number;
	/* What had the number 1 went out with it, with the header or before there was one. */
	if (flow->special & SPECIAL_INTRODUCES && number != flow->first && number != flow->first + 1)
		return number - PROXY_BYTES;
	return number;
}

/*
 * An ICMP error travels in the flow's direction and quotes a packet of the other one. So what the quote has as
 * its destination is what the flow has as its source, before and after.
 *
 * The quoted IPv4 header's own checksum makes up for its addresses within the sum of the whole; the quoted
 * transport's checksum stays as it was: it is most often cut off, and nobody can check it.
 */
INLINE int translate_icmp_error(struct xdp_md *ctx, struct packet *p, const struct flow *flow, int special)
{
	void *end = (void *)(long)ctx->data_end;
	struct icmp_header *icmp = (void *)(p->ip + 1);
	ip_header *quoted = (void *)(icmp + 1);
	struct ports *ports = (void *)(quoted + 1);
	/* NAT leaves the sender's address to the client's side; all else speaks in the flow's name. */
	int keep_source = !flow->answer && flow->mode == MODE_NAT;
	struct address sender;
	__u64 difference = 0, quoted_difference;

	if ((void *)(ports + 1) > end)
		return XDP_ABORTED;
	if (!may_live_on(p->ip))
		return drop(flow->service, DROP_TTL);
	copy_address(&sender, keep_source ? source_of(p->ip) : &flow->source);
	difference = translate_ip(p->ip, &sender, &flow->destination);
	quoted_difference = address_difference(source_of(quoted), &flow->destination) +
			    address_difference(destination_of(quoted), &flow->source);
	copy_address(source_of(quoted), &flow->destination);
	copy_address(destination_of(quoted), &flow->source);
#ifdef IPV6
	difference += quoted_difference;
#else
	difference = 0;
	quoted->check = updated(quoted->check, quoted_difference);
#endif
	if (p->key.protocol == IPPROTO_TCP || p->key.protocol == IPPROTO_UDP) {
		difference += port_difference(ports->source, flow->destination_port);
		difference += port_difference(ports->destination, flow->source_port);
		ports->source = flow->destination_port;
		ports->destination = flow->source_port;
	}
	/* The number that the other side knows is behind the ports. */
	if (special && p->key.protocol == IPPROTO_TCP && flow->special & (SPECIAL_SHIFTED | SPECIAL_INTRODUCES)) {
		__be32 *number = (void *)(ports + 1), shifted;

		if ((void *)(number + 1) > end)
			return XDP_ABORTED;
		shifted = bpf_htonl(quoted_number(flow, bpf_ntohl(*number)));
		difference += word_difference(*number, shifted);
		*number = shifted;
	}
	icmp->checksum = updated(icmp->checksum, difference);
	return GO_ON;
}

#endif
