/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* What the packets of some connections need before their addresses are changed. */
#ifndef STEELYARD_SPECIAL_H
#define STEELYARD_SPECIAL_H

#include "flow.h"
#include "handshake.h"
#include "introduce.h"
#include "tell.h"

INLINE int is_syn_ack(const struct packet *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);
}

/* The endpoint has said its first number, and the client's, which may be those of a new connection from the same port. */
INLINE void learn_first(struct flow *flow, struct packet *p, int introduces)
{
	struct tcphdr *tcp = p->transport;
	__u32 first = bpf_ntohl(tcp->seq);
	__u32 clients = bpf_ntohl(tcp->ack_seq) - 1;
	struct flow_key key;
	struct flow *forward;

	other_key(flow, IPPROTO_TCP, &key);
	forward = bpf_map_lookup_elem(&flows, &key);
	if (flow->special & SPECIAL_WAITS) {
		flow->shift -= first; /* it was the cookie, the number that the client knows */
		flow->special = (flow->special & ~SPECIAL_WAITS) | SPECIAL_SHIFTED;
		if (forward) {
			forward->shift = flow->shift;
			forward->special = (forward->special & ~SPECIAL_WAITS) | SPECIAL_SHIFTED;
		}
	}
	if (introduces && flow->first != clients) {
		flow->first = clients;
		flow->special &= ~SPECIAL_INTRODUCED;
		if (forward) {
			forward->first = clients;
			forward->special &= ~SPECIAL_INTRODUCED;
		}
	}
	if (flow->special & SPECIAL_TELLS && forward)
		forward->first = first + 1;
}

/* From the endpoint. Returns a verdict, or GO_ON. */
INLINE int prepare_answer(struct xdp_md *ctx, struct packet *p, struct flow *flow, int introduces)
{
	struct tcphdr *tcp = p->transport;

	if (is_syn_ack(p)) {
		learn_first(flow, p, introduces);
		if (flow->special & SPECIAL_SHIFTED)
			return open_window(ctx, p, flow->shift);
		leave_room(ctx, p, introduces ? PROXY_BYTES : TELL_BYTES);
		return GO_ON;
	}
	if (flow->special & SPECIAL_WAITS) {
		/* It refuses: a reset with the number that the client expects. */
		shift_number(tcp, &tcp->seq, flow->shift + 1 - bpf_ntohl(tcp->seq));
		return p->tcp_flags & TCP_RST ? GO_ON : XDP_DROP;
	}
	flow->special &= ~SPECIAL_TELLS;
	if (flow->special & SPECIAL_SHIFTED)
		shift_number(tcp, &tcp->seq, flow->shift);
	if (introduces)
		hide_introduction(ctx, p, flow);
	return GO_ON;
}

/* From the client. Returns a verdict, or GO_ON. */
INLINE int prepare_forward(struct xdp_md *ctx, struct packet *p, enum kind kind, struct flow *flow,
			   const struct endpoint *endpoint, int introduces)
{
	struct tcphdr *tcp = p->transport;

	if (flow->special & SPECIAL_WAITS)
		return p->tcp_flags & TCP_RST ? GO_ON : make_syn(ctx, p, flow->shift, flow->first);
	if (flow->special & SPECIAL_SHIFTED && p->tcp_flags & TCP_ACK)
		shift_number(tcp, &tcp->ack_seq, -flow->shift);
	if (introduces)
		return introduce(ctx, p, kind, flow, endpoint);
	if (!(flow->special & SPECIAL_TELLS) || p->tcp_flags & (TCP_SYN | TCP_RST))
		return GO_ON;
	if (bpf_ntohl(tcp->ack_seq) != flow->first) {
		flow->special &= ~SPECIAL_TELLS; /* it has had bytes of the endpoint, which has taken the connection */
		return GO_ON;
	}
	return has_room(p, tcp, endpoint) ? tell(ctx, p) : GO_ON;
}

/* introduces: whether the flow is SPECIAL_INTRODUCES; others of that kind are another program's. Returns a verdict, or GO_ON. */
INLINE int prepare(struct xdp_md *ctx, struct packet *p, enum kind kind, struct flow *flow,
		   const struct endpoint *endpoint, int introduces)
{
	if (kind == KIND_ICMP_ERROR)
		return GO_ON;
	if (introduces && p->key.protocol == IPPROTO_UDP && !flow->answer)
		return introduce_datagram(ctx, p, kind, flow, endpoint);
	if (kind == KIND_LATER_FRAGMENT || p->key.protocol != IPPROTO_TCP)
		return GO_ON;
	if (p->transport + sizeof(struct tcphdr) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	return flow->answer ? prepare_answer(ctx, p, flow, introduces) :
			      prepare_forward(ctx, p, kind, flow, endpoint, introduces);
}

/* What the packets of its clients grow by. */
INLINE __u32 room_of(const struct service *service)
{
	if (service->flags & SERVICE_INTRODUCES)
		return PROXY_BYTES;
	return service->flags & SERVICE_TELLS ? TELL_BYTES : 0;
}

/*
 * How a client comes to a connection of a service with a SYN proxy. Returns a verdict, or GO_ON: with cookie set when
 * the client has sent one back, without when it goes the usual way.
 */
INLINE int greet(struct xdp_md *ctx, const struct packet *p, const struct service *service, __u64 now, __u32 *cookie)
{
	struct tcphdr *tcp = p->transport;
	int begins = begins_connection(p);
	int flooded = is_flooded(service->id, begins, now);
	struct handshake_stats *stats;

	if (p->tcp_flags & TCP_RST || (void *)(tcp + 1) > (void *)(long)ctx->data_end || !is_bare(p))
		return GO_ON;
	if (begins) {
		if (!flooded)
			return GO_ON;
		/* What was before, from the same port, has ended. */
		bpf_map_delete_elem(&flows, &p->key);
		return send_cookie(ctx, p, service, room_of(service), now);
	}
	*cookie = bpf_ntohl(tcp->ack_seq) - 1;
	if (is_cookie(&p->key, bpf_ntohl(tcp->seq) - 1, *cookie, now)) {
		stats = handshake_stats_of(service->id);
		if (stats)
			stats->opened++;
		return GO_ON;
	}
	*cookie = 0;
	return flooded ? drop(service->id, DROP_COOKIE) : GO_ON;
}

#endif
