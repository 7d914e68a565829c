/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * For an endpoint of a TUN service: takes the packet out of the packet, where the kernel cannot do it by itself
 * (ipip, fou). At XDP, before the kernel sees the outer header; the packet within is then an ordinary one for
 * the virtual address on lo.
 */
#include "family.h"

#define GUE_PORT 6080

/* Only from these balancers, or anybody could send packets with any source into this network. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct { __u32 length; __be32 address; });
	__type(value, __u32);
} balancers4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct { __u32 length; struct in6_addr address; });
	__type(value, __u32);
} balancers6 SEC(".maps");

INLINE int is_balancer4(__be32 address)
{
	struct { __u32 length; __be32 address; } key = { 32, address };

	return bpf_map_lookup_elem(&balancers4, &key) != 0;
}

INLINE int is_balancer6(const struct in6_addr *address)
{
	struct { __u32 length; struct in6_addr address; } key = { 128, *address };

	return bpf_map_lookup_elem(&balancers6, &key) != 0;
}

/* Cuts what is between the Ethernet header and the packet within. */
INLINE int strip(struct xdp_md *ctx, int bytes)
{
	struct ethhdr saved, *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	saved = *eth;
	if (bpf_xdp_adjust_head(ctx, bytes))
		return XDP_DROP;
	eth = (void *)(long)ctx->data;
	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	*eth = saved;
	return XDP_PASS;
}

/* The version within has to be the one that the Ethernet header goes on to name. */
INLINE int is_gue(const struct udphdr *udp, const void *end, __u8 version)
{
	const __u8 *inner = (const void *)(udp + 1);

	return (const void *)(inner + 1) <= end && udp->dest == bpf_htons(GUE_PORT) && *inner >> 4 == version;
}

INLINE int decapsulate4(struct xdp_md *ctx, void *end)
{
	struct iphdr *ip = (void *)(long)ctx->data + sizeof(struct ethhdr);

	if ((void *)(ip + 1) > end || ip->ihl != 5 || !is_balancer4(ip->saddr))
		return XDP_PASS;
	if (ip->protocol == IPPROTO_IPIP)
		return strip(ctx, sizeof(*ip));
	if (ip->protocol == IPPROTO_UDP && is_gue((void *)(ip + 1), end, 4))
		return strip(ctx, sizeof(*ip) + sizeof(struct udphdr));
	return XDP_PASS;
}

INLINE int decapsulate6(struct xdp_md *ctx, void *end)
{
	struct ipv6hdr *ip = (void *)(long)ctx->data + sizeof(struct ethhdr);

	if ((void *)(ip + 1) > end || !is_balancer6(&ip->saddr))
		return XDP_PASS;
	if (ip->nexthdr == IPPROTO_IPV6)
		return strip(ctx, sizeof(*ip));
	if (ip->nexthdr == IPPROTO_UDP && is_gue((void *)(ip + 1), end, 6))
		return strip(ctx, sizeof(*ip) + sizeof(struct udphdr));
	return XDP_PASS;
}

SEC("xdp")
int decapsulate(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = (void *)(long)ctx->data;

	if ((void *)(eth + 1) > end)
		return XDP_PASS;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		return decapsulate4(ctx, end);
	if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		return decapsulate6(ctx, end);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
