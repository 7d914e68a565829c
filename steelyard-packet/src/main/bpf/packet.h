/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Reads a frame: whose flow it belongs to, and what is wrong with it. */
#ifndef STEELYARD_PACKET_H
#define STEELYARD_PACKET_H

#include "maps.h"

#define TCP_FIN 1
#define TCP_SYN 2
#define TCP_RST 4
#define TCP_ACK 16

/* IPv4 fragments */
#define MORE_FRAGMENTS 0x2000
#define FRAGMENT_OFFSET 0x1fff

/* ICMP messages that quote the packet they are about */
#define ICMP_UNREACHABLE 3
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETER 12
#define ICMP6_LAST_ERROR 4
#define ICMP6_ECHO_REQUEST 128
#define ICMP6_ECHO_ANSWER 129

enum kind {
	KIND_NOT_OURS,	     /* the kernel's */
	KIND_OTHER_FAMILY,
	KIND_PLAIN,
	KIND_FIRST_FRAGMENT,
	KIND_LATER_FRAGMENT, /* no ports in it */
	KIND_ICMP_ERROR,     /* the key is that of the packet that would answer the quoted one */
	KIND_BAD,	     /* see problem; the destination is set, no more */
};

struct packet {
	struct ethhdr *eth;
	ip_header *ip;
	void *transport; /* behind the IP header; verified for the header of the protocol */
	struct flow_key key;
	__u32 length;	 /* from the IP header on */
	__u32 fragment;	 /* the datagram's number */
	__u8 tcp_flags;
	__u8 problem;	 /* an enum drop */
};

/* Both at once, as they lie in the packet. */
INLINE void set_ports(struct packet *p, const void *ports)
{
	*(any_word *)&p->key.source_port = *(const any_word *)ports;
}

/* With the bytes behind it: every byte of a key counts. */
INLINE void set_protocol(struct packet *p, __u8 protocol)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	*(any_word *)&p->key.protocol = protocol;
#else
	*(any_word *)&p->key.protocol = (__u32)protocol << 24;
#endif
}

/* What no stack sends. Scanners do. */
INLINE int legal_flags(__u8 flags)
{
	if (flags & TCP_RST)
		return !(flags & (TCP_SYN | TCP_FIN));
	if (flags & TCP_SYN)
		return !(flags & TCP_FIN);
	return flags & TCP_ACK;
}

INLINE enum kind bad(struct packet *p, enum drop problem)
{
	p->problem = problem;
	return KIND_BAD;
}

INLINE enum kind parse_tcp(struct packet *p, void *end)
{
	struct tcphdr *tcp = p->transport;

	if ((void *)(tcp + 1) > end)
		return bad(p, DROP_MALFORMED);
	set_ports(p, tcp);
	p->tcp_flags = ((__u8 *)tcp)[13];
	if (tcp->doff < 5)
		return bad(p, DROP_MALFORMED);
	if (!legal_flags(p->tcp_flags))
		return bad(p, DROP_TCP_FLAGS);
	return KIND_PLAIN;
}

INLINE enum kind parse_udp(struct packet *p, void *end)
{
	struct udphdr *udp = p->transport;

	if ((void *)(udp + 1) > end)
		return bad(p, DROP_MALFORMED);
	set_ports(p, udp);
	if (bpf_ntohs(udp->len) < sizeof(*udp))
		return bad(p, DROP_MALFORMED);
	return KIND_PLAIN;
}

INLINE int is_icmp_error(__u8 type)
{
#ifdef IPV6
	return type <= ICMP6_LAST_ERROR;
#else
	return type == ICMP_UNREACHABLE || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETER;
#endif
}

/*
 * An error quotes the packet that it is about. The key is turned round, so that it is found as a packet in the
 * same direction as this one: an error from the client's side has the key of what the client sends.
 */
INLINE enum kind parse_icmp_error(struct packet *p, void *end)
{
	ip_header *quoted = (void *)((struct icmp_header *)p->transport + 1);
	struct ports *ports = (void *)(quoted + 1);

	if ((void *)(ports + 1) > end)
		return bad(p, DROP_MALFORMED);
#ifndef IPV6
	if (quoted->ihl != 5)
		return bad(p, DROP_OPTIONS);
	if (quoted->frag_off & bpf_htons(FRAGMENT_OFFSET))
		return bad(p, DROP_FRAGMENT);
#endif
	set_protocol(p, protocol_of(quoted));
	copy_address(&p->key.source, destination_of(quoted));
	copy_address(&p->key.destination, source_of(quoted));
	if (p->key.protocol == IPPROTO_TCP || p->key.protocol == IPPROTO_UDP) {
		p->key.source_port = ports->destination;
		p->key.destination_port = ports->source;
	}
	return KIND_ICMP_ERROR;
}

INLINE enum kind parse_icmp(struct packet *p, void *end)
{
	struct icmp_header *icmp = p->transport;

	if ((void *)(icmp + 1) > end)
		return bad(p, DROP_MALFORMED);
	if (is_icmp_error(icmp->type))
		return parse_icmp_error(p, end);
#ifdef IPV6
	/* Neighbours are the kernel's. */
	if (icmp->type != ICMP6_ECHO_REQUEST && icmp->type != ICMP6_ECHO_ANSWER)
		return KIND_NOT_OURS;
#endif
	return KIND_PLAIN;
}

INLINE enum kind parse_transport(struct packet *p, void *end)
{
	if (p->key.protocol == IPPROTO_TCP)
		return parse_tcp(p, end);
	if (p->key.protocol == IPPROTO_UDP)
		return parse_udp(p, end);
	if (p->key.protocol == ICMP)
		return parse_icmp(p, end);
	return KIND_PLAIN;
}

INLINE void fragment_key_of(const struct packet *p, struct fragment_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(&key->source, &p->key.source);
	copy_address(&key->destination, &p->key.destination);
	key->id = p->fragment;
	key->protocol = p->key.protocol;
}

/* Takes the ports from what the first fragment left. */
INLINE enum kind parse_later_fragment(struct packet *p)
{
	struct fragment_key key;
	struct ports *ports;

	fragment_key_of(p, &key);
	ports = bpf_map_lookup_elem(&fragments, &key);
	if (!ports)
		return bad(p, DROP_FRAGMENT);
	set_ports(p, ports);
	return KIND_LATER_FRAGMENT;
}

INLINE void remember_fragment(const struct packet *p)
{
	struct fragment_key key;
	struct ports ports = { p->key.source_port, p->key.destination_port };

	fragment_key_of(p, &key);
	bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY);
}

/* first_bits: offset and "more follow" as in an IPv4 header, in the order of this machine */
INLINE enum kind parse_fragment(struct packet *p, void *end, int offset, int more)
{
	enum kind kind;

	if (offset)
		return parse_later_fragment(p);
	kind = parse_transport(p, end);
	if (kind == KIND_PLAIN && more)
		return KIND_FIRST_FRAGMENT;
	return kind;
}

#ifdef IPV6

struct fragment_header {
	__u8 next;
	__u8 reserved;
	__be16 offset_and_more;
	__be32 id;
};

INLINE int is_extension(__u8 protocol)
{
	return protocol == IPPROTO_HOPOPTS || protocol == IPPROTO_ROUTING || protocol == IPPROTO_DSTOPTS ||
	       protocol == IPPROTO_AH;
}

INLINE enum kind parse_ip(struct packet *p, void *end)
{
	struct ipv6hdr *ip = p->ip;

	if (ip->version != 6 || (void *)ip + p->length > end)
		return bad(p, DROP_MALFORMED);
	set_protocol(p, ip->nexthdr);
	p->transport = ip + 1;
	if (ip->nexthdr == IPPROTO_FRAGMENT) {
		struct fragment_header *header = p->transport;
		__u16 bits;

		if ((void *)(header + 1) > end)
			return bad(p, DROP_MALFORMED);
		set_protocol(p, header->next);
		p->transport = header + 1;
		p->fragment = header->id;
		bits = bpf_ntohs(header->offset_and_more);
		if (is_extension(header->next) || header->next == IPPROTO_ICMPV6)
			return bad(p, DROP_OPTIONS);
		return parse_fragment(p, end, bits >> 3, bits & 1);
	}
	if (is_extension(ip->nexthdr))
		return bad(p, DROP_OPTIONS);
	return parse_transport(p, end);
}

#else

INLINE enum kind parse_ip(struct packet *p, void *end)
{
	struct iphdr *ip = p->ip;
	__u16 bits = bpf_ntohs(ip->frag_off);

	if (ip->version != 4 || p->length < sizeof(*ip) || (void *)ip + p->length > end)
		return bad(p, DROP_MALFORMED);
	if (ip->ihl != 5)
		return bad(p, ip->ihl < 5 ? DROP_MALFORMED : DROP_OPTIONS);
	set_protocol(p, ip->protocol);
	p->transport = ip + 1;
	if (bits & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) {
		p->fragment = ip->id;
		return parse_fragment(p, end, bits & FRAGMENT_OFFSET, bits & MORE_FRAGMENTS);
	}
	return parse_transport(p, end);
}

#endif

INLINE enum kind parse(struct xdp_md *ctx, struct packet *p)
{
	void *end = (void *)(long)ctx->data_end;

	p->eth = (void *)(long)ctx->data;
	p->ip = (void *)(p->eth + 1);
	if ((void *)(p->eth + 1) > end)
		return KIND_NOT_OURS;
	if (p->eth->h_proto != bpf_htons(ETHERTYPE))
		return KIND_OTHER_FAMILY;
	/* Broadcasts and multicasts are for the kernel, which answers ARP and knows its neighbours. */
	if ((void *)(p->ip + 1) > end || p->eth->h_dest[0] & 1)
		return KIND_NOT_OURS;
	p->length = length_of(p->ip);
	p->tcp_flags = 0;
	*(any_word *)&p->key.source_port = 0;
	set_protocol(p, 0);
	copy_address(&p->key.source, source_of(p->ip));
	copy_address(&p->key.destination, destination_of(p->ip));
	if (same_address(&p->key.source, &p->key.destination))
		return bad(p, DROP_MALFORMED);
	return parse_ip(p, end);
}

#endif
