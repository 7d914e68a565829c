/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What differs between IPv4 and IPv6. The same source is compiled once for each: a key of 40 bytes would cost
 * IPv4 about 15 ns per packet, and two sources would not stay the same.
 */
#ifndef STEELYARD_FAMILY_H
#define STEELYARD_FAMILY_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define INLINE static __always_inline

/*
 * What is read as a word should have been written as a word: otherwise the processor waits until the pieces have arrived in its
 * cache. So the parts of keys are moved as they are hashed, whatever their alignment, which matters on no processor that has XDP.
 */
typedef __u32 __attribute__((may_alias)) any_word;
typedef __u16 __attribute__((may_alias)) any_half;

/* As on the wire, in words, so that the same loops serve both. */
#ifdef IPV6
#define ADDRESS_WORDS 4
#define ETHERTYPE ETH_P_IPV6
#define ICMP IPPROTO_ICMPV6
#define TUNNEL IPPROTO_IPV6
typedef struct ipv6hdr ip_header;
#else
#define ADDRESS_WORDS 1
#define ETHERTYPE ETH_P_IP
#define ICMP IPPROTO_ICMP
#define TUNNEL IPPROTO_IPIP
typedef struct iphdr ip_header;
#endif

struct address {
	__u32 word[ADDRESS_WORDS];
};

/* <linux/icmp.h> brings headers of libc, which are not there for eBPF. ICMPv6 begins alike. */
struct icmp_header {
	__u8 type;
	__u8 code;
	__sum16 checksum;
	__be32 rest;
};

INLINE void copy_mac(__u8 *to, const __u8 *from)
{
	*(any_word *)to = *(const any_word *)from;
	*(any_half *)(to + 4) = *(const any_half *)(from + 4);
}

INLINE struct address *source_of(ip_header *ip)
{
	return (struct address *)&ip->saddr;
}

INLINE struct address *destination_of(ip_header *ip)
{
	return (struct address *)&ip->daddr;
}

INLINE void copy_address(struct address *to, const struct address *from)
{
#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		to->word[i] = from->word[i];
}

INLINE int same_address(const struct address *a, const struct address *b)
{
	__u32 difference = 0;

#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		difference |= a->word[i] ^ b->word[i];
	return difference == 0;
}

INLINE __u8 protocol_of(const ip_header *ip)
{
#ifdef IPV6
	return ip->nexthdr;
#else
	return ip->protocol;
#endif
}

/* The packet's bytes from the IP header on. */
INLINE __u32 length_of(const ip_header *ip)
{
#ifdef IPV6
	return bpf_ntohs(ip->payload_len) + sizeof(*ip);
#else
	return bpf_ntohs(ip->tot_len);
#endif
}

#endif
