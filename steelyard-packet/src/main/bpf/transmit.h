/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Out with the frame, to the next hop that Java found or that the client's frames came from. */
#ifndef STEELYARD_TRANSMIT_H
#define STEELYARD_TRANSMIT_H

#include "config.h"
#include "maps.h"

struct hop {
	const __u8 *mac;
	const __u8 *own_mac;
	__u32 ifindex;
	int copied; /* whether a tap gets it, too */
};

INLINE int send_out(struct xdp_md *ctx, __u32 ifindex)
{
	if (ifindex != ctx->ingress_ifindex)
		return bpf_redirect(ifindex, 0);
	if (transmit_by_redirect)
		return bpf_redirect(ctx->ingress_ifindex, 0);
	return XDP_TX;
}

/* There, and to the tap. What the tap cannot take is lost to the tap alone. */
INLINE int send_copies(struct xdp_md *ctx, __u32 ifindex)
{
	void *both = bpf_map_lookup_elem(&mirrors, &ifindex);

	return both ? bpf_redirect_map(both, 0, BPF_F_BROADCAST) : send_out(ctx, ifindex);
}

/* The source must become our own address, or bridges and switches learn the client at the wrong port. */
INLINE int send_to(struct xdp_md *ctx, struct ethhdr *eth, const struct hop *hop)
{
	copy_mac(eth->h_dest, hop->mac);
	copy_mac(eth->h_source, hop->own_mac);
	return hop->copied ? send_copies(ctx, hop->ifindex) : send_out(ctx, hop->ifindex);
}

/* Back to where the frame came from. */
INLINE int send_back(struct xdp_md *ctx, struct ethhdr *eth)
{
	__u8 mac[ETH_ALEN];

	copy_mac(mac, eth->h_source);
	copy_mac(eth->h_source, eth->h_dest);
	copy_mac(eth->h_dest, mac);
	return send_out(ctx, ctx->ingress_ifindex);
}

#endif
