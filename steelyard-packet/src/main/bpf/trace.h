/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Decisions for people to look at: some packets of one virtual address, while somebody wants to see them. */
#ifndef STEELYARD_TRACE_H
#define STEELYARD_TRACE_H

#include "counters.h"
#include "packet.h"

INLINE int is_traced(const struct address *vip)
{
	__u32 zero = 0;
	struct tracing *wanted = bpf_map_lookup_elem(&tracing, &zero);

	if (!wanted || !wanted->every)
		return 0;
	return same_address(&wanted->vip, vip) && bpf_get_prandom_u32() % wanted->every == 0;
}

/* What came. Zeroes say the rest until it is known. */
INLINE struct trace *begin_trace(struct xdp_md *ctx, const struct packet *p)
{
	struct trace *t = bpf_ringbuf_reserve(&traces, sizeof(*t), 0);

	if (!t)
		return 0;
	__builtin_memset(t, 0, sizeof(*t));
	t->time = bpf_ktime_get_ns();
	t->key = p->key;
	t->length = p->length;
	t->tcp_flags = p->tcp_flags;
	t->ifindex = ctx->ingress_ifindex;
	copy_mac(t->mac_source, p->eth->h_source);
	copy_mac(t->mac_destination, p->eth->h_dest);
	return t;
}

/* Before the packet is changed. */
INLINE void trace_carried(struct xdp_md *ctx, const struct packet *p, const struct flow *flow,
			  const struct endpoint *endpoint, int fresh)
{
	struct trace *t;

	if (!is_traced(flow->answer ? &flow->source : &p->key.destination))
		return;
	t = begin_trace(ctx, p);
	if (!t)
		return;
	copy_address(&t->source, &flow->source);
	copy_address(&t->destination, &flow->destination);
	t->source_port = flow->source_port;
	t->destination_port = flow->destination_port;
	copy_address(&t->endpoint, &endpoint->address);
	t->mode = flow->mode;
	t->answer = flow->answer;
	t->fresh = fresh;
	t->local = endpoint->flags & ENDPOINT_LOCAL ? 1 : 0;
	t->out_ifindex = flow->answer ? flow->ifindex : endpoint->ifindex;
	copy_mac(t->out_mac_source, flow->answer ? flow->own_mac : endpoint->own_mac);
	copy_mac(t->out_mac_destination, flow->answer ? flow->mac : endpoint->mac);
	bpf_ringbuf_submit(t, 0);
}

INLINE void trace_dropped(struct xdp_md *ctx, const struct packet *p, int verdict)
{
	struct trace *t;

	if (!is_dropped(verdict) || !is_traced(&p->key.destination))
		return;
	t = begin_trace(ctx, p);
	if (!t)
		return;
	t->dropped = 1;
	t->reason = reason_of(verdict);
	bpf_ringbuf_submit(t, 0);
}

#endif
