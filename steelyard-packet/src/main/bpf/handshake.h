/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * SYN proxy, for NAT and FullNAT: a client has to show that it is there before there is a connection.
 *
 *   client                        here                                            endpoint
 *   SYN ──────────────────────►   nothing is kept
 *       ◄──────────────────────   SYN ACK, cookie as the number, window 0
 *   ACK ──────────────────────►   cookie is good: choose, remember (WAITS) ─ SYN ─►
 *       ◄── one byte that it has, window open ── numbers are shifted now ◄─ SYN ACK
 *   ACK, as to all old bytes ──►   ──────────────────────────────────────── ACK ──►
 *
 * The window stays closed until the endpoint is there, so that nothing has to be kept for it; the old byte (BSD's way
 * to ask whether somebody is there) makes clients answer that wait for the endpoint to speak first. A lost SYN is sent
 * anew whenever the client sends anything. MSS is the only option: no larger windows, selective acknowledgements and
 * timestamps for connections that begin like this.
 */
#ifndef STEELYARD_HANDSHAKE_H
#define STEELYARD_HANDSHAKE_H

#include "cookie.h"
#include "protect.h"
#include "segment.h"
#include "transmit.h"

/* Cookies are sent for so long after there was reason to. */
#define FLOOD_LASTS 10000000000ULL

#define CLIENT_TTL 64

INLINE int is_proxied(const struct service *service, const struct packet *p)
{
	return syn_proxy != SYN_PROXY_NEVER && service->mode >= MODE_NAT && p->key.protocol == IPPROTO_TCP;
}

/* begins: whether a connection is about to */
INLINE int is_flooded(__u32 service, int begins, __u64 now)
{
	struct handshakes *state;

	if (syn_proxy == SYN_PROXY_ALWAYS)
		return 1;
	state = bpf_map_lookup_elem(&handshakes, &service);
	if (!state)
		return 0;
	if (begins && !take(&state->full, now, unfinished_cost, unfinished_burst))
		state->flooded = now + FLOOD_LASTS;
	return state->flooded > now;
}

/* A connection that began has come further. */
INLINE void handshake_completed(__u32 service)
{
	struct handshakes *state = bpf_map_lookup_elem(&handshakes, &service);

	if (state && state->full > unfinished_cost)
		state->full -= unfinished_cost;
}

INLINE struct handshake_stats *handshake_stats_of(__u32 service)
{
	return bpf_map_lookup_elem(&handshake_stats, &service);
}

/* Swaps what is the sender's and what is ours, from IP on. */
INLINE void turn_round(struct segment *s)
{
	struct address source;
	__be16 port = s->tcp.source;

	copy_address(&source, source_of(&s->ip));
	copy_address(source_of(&s->ip), destination_of(&s->ip));
	copy_address(destination_of(&s->ip), &source);
	s->tcp.source = s->tcp.dest;
	s->tcp.dest = port;
#ifdef IPV6
	s->ip.hop_limit = CLIENT_TTL;
#else
	/* As 16 bits in the order of the wire, the time to live is the high byte. */
	s->ip.check = updated(s->ip.check, port_difference(bpf_htons(s->ip.ttl << 8), bpf_htons(CLIENT_TTL << 8)));
	s->ip.ttl = CLIENT_TTL;
#endif
}

/* SYN ──► SYN ACK */
INLINE int send_cookie(struct xdp_md *ctx, const struct packet *p, const struct service *service, __u32 room, __u64 now)
{
	struct tcphdr *tcp = p->transport;
	struct handshake_stats *stats = handshake_stats_of(service->id);
	__u32 sequence = bpf_ntohl(tcp->seq);
	__u32 cookie = make_cookie(&p->key, sequence, mss_of(ctx, tcp), now);
	struct segment *s = resized(ctx, OPTION_MSS_BYTES);

	if (!s)
		return XDP_ABORTED;
	turn_round(s);
	s->tcp.seq = bpf_htonl(cookie);
	s->tcp.ack_seq = bpf_htonl(sequence + 1);
	s->tcp.window = 0;
	put_mss(s, proxy_mss - room);
	complete(s, OPTION_MSS_BYTES, 1, TCP_SYN | TCP_ACK);
	if (stats)
		stats->cookies++;
	/* The mask tells the verifier that nothing is dropped for a reason, which would be traced by what has moved. */
	return send_back(ctx, (void *)s - sizeof(struct ethhdr)) & 0xff;
}

/* ACK ──► SYN. The cookie has the client's MSS. */
INLINE int make_syn(struct xdp_md *ctx, struct packet *p, __u32 cookie, __u32 sequence)
{
	struct segment *s = resized(ctx, OPTION_MSS_BYTES);

	if (!s || !find_headers(ctx, p))
		return XDP_ABORTED;
	s->tcp.seq = bpf_htonl(sequence);
	s->tcp.ack_seq = 0;
	put_mss(s, cookie_mss(cookie >> 24));
	complete(s, OPTION_MSS_BYTES, 1, TCP_SYN);
	return GO_ON;
}

/* SYN ACK ──► ACK with the byte before the first one. */
INLINE int open_window(struct xdp_md *ctx, struct packet *p, __u32 shift)
{
	struct segment *s = resized(ctx, 1);

	if (!s || !find_headers(ctx, p))
		return XDP_ABORTED;
	s->tcp.seq = bpf_htonl(bpf_ntohl(s->tcp.seq) + shift);
	s->rest[0] = 0;
	complete(s, 1, 0, TCP_ACK);
	return GO_ON;
}

#endif
