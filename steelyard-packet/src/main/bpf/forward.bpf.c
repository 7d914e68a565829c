/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What happens to a frame:
 *
 *   parse ──► connection table ──────────────── known ──► protect ──► count ──► DR, TUN, NAT or FullNAT ──► out
 *     │            │ not known                                          ▲
 *     │            └► service? ──► protect ──► Maglev table ──► remember┘
 *     │                  └ none: the kernel's
 *     └ bad: dropped and counted when it is for a virtual address, else the kernel's
 *
 * There are three programs of it. The first carries the packets of known connections, and hands the others to the second, which begins
 * connections, and does what some need beyond other addresses: those of the SYN proxy, those whose endpoint is told the client's, and
 * those that are mirrored. The third carries connections whose endpoint has a PROXY header before the client's bytes.
 * So the processor's caches and the verifier have little to do.
 *
 * Compiled once for IPv4 and, with IPV6 defined, once for IPv6; the program of IPv4 is attached to the interface
 * and calls the other for frames of its family.
 */
#include "protect.h"
#include "special.h"
#include "trace.h"
#include "translate.h"
#include "tunnel.h"

/* A packet on its way: what it is, and what is to become of it. */
struct journey {
	struct packet packet;
	enum kind kind;
	struct flow *flow;
	struct endpoint *endpoint;
	struct service *service; /* known for new connections only */
	__u32 cookie;		 /* of a client that sent one back, else 0 */
};

/* Which program it is: what only one does is left out of the other when it is compiled. */
enum stage { STAGE_USUAL, STAGE_SPECIAL, STAGE_INTRODUCING };

INLINE struct endpoint *find_endpoint(__u32 id)
{
	return bpf_map_lookup_elem(&endpoints, &id);
}

INLINE struct vip *find_vip(const struct address *address)
{
	return bpf_map_lookup_elem(&vips, address);
}

INLINE struct service *service_for(const struct packet *p)
{
	struct vip *vip = find_vip(&p->key.destination);

	return vip ? find_service(vip, &p->key) : 0;
}

/* Do not return, unless there is no other program. */
INLINE int go_special(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &programs, PROGRAM_SPECIAL);
	return XDP_ABORTED;
}

INLINE int go_introducing(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &programs, PROGRAM_INTRODUCING);
	return XDP_ABORTED;
}

INLINE int deliver(struct xdp_md *ctx, struct journey *j, enum stage stage)
{
	struct flow *flow = j->flow;
	struct packet *p = &j->packet;
	int copied = stage != STAGE_USUAL && flow->special & SPECIAL_MIRRORED;
	struct hop hop = { j->endpoint->mac, j->endpoint->own_mac, j->endpoint->ifindex, copied };
	int verdict;

	if (!is_translated(flow) && j->endpoint->flags & ENDPOINT_LOCAL)
		return XDP_PASS;
	if (is_tunnelled(flow))
		return send_through_tunnel(ctx, p, flow, j->endpoint, &hop);
	if (stage != STAGE_USUAL && flow->special & ~SPECIAL_MIRRORED) {
		verdict = prepare(ctx, p, j->kind, flow, j->endpoint, stage == STAGE_INTRODUCING);
		if (verdict != GO_ON)
			return verdict;
	}
	if (is_translated(flow)) {
		if (j->kind == KIND_ICMP_ERROR)
			verdict = translate_icmp_error(ctx, p, flow, stage != STAGE_USUAL);
		else
			verdict = translate(ctx, p, flow, j->kind);
		if (verdict != GO_ON)
			return verdict;
	}
	if (flow->answer) {
		hop.mac = flow->mac;
		hop.own_mac = flow->own_mac;
		hop.ifindex = flow->ifindex;
	}
	return send_to(ctx, p->eth, &hop);
}

/* Whether what a packet begins is to be found again. Errors and resets begin nothing. */
INLINE int is_remembered(const struct journey *j)
{
	if (j->kind == KIND_ICMP_ERROR || j->kind == KIND_LATER_FRAGMENT || j->packet.tcp_flags & TCP_RST)
		return 0;
	return !(j->service->flags & SERVICE_ONE_PACKET) || is_translated(j->flow);
}

/* Returns a verdict, or GO_ON when both directions are in the table. */
INLINE int remember(struct xdp_md *ctx, struct journey *j, struct new_flows *new, __u64 now)
{
	struct packet *p = &j->packet;

	if (new->forward.mode == MODE_FULL_NAT) {
		if (p->key.protocol == IPPROTO_TCP && !begins_connection(p) && !j->cookie)
			return drop(j->service->id, DROP_NO_CONNECTION);
		fill_answer(&new->answer, p, &new->forward, ctx->ingress_ifindex);
		if (!reserve_port(j->service, new, p->key.protocol, now))
			return drop(j->service->id, DROP_NO_PORT);
	} else if (new->forward.mode == MODE_NAT) {
		fill_answer(&new->answer, p, &new->forward, ctx->ingress_ifindex);
		if (!reserve_answer(new, p->key.protocol, now))
			return drop(j->service->id, DROP_NO_PORT);
	}
	if (j->service->flags & SERVICE_LEAST) {
		new->forward.loads = 1;
		add_to_load(new->forward.endpoint, 1);
	}
	bpf_map_update_elem(&flows, &p->key, &new->forward, BPF_ANY);
	count_connection(new->forward.endpoint);
	return GO_ON;
}

/* Chooses. Returns a verdict, or GO_ON with flow and endpoint set. */
INLINE int begin(struct xdp_md *ctx, struct journey *j, __u64 now)
{
	struct packet *p = &j->packet;
	struct new_flows *new;
	__u32 zero = 0, id;
	int verdict;

	j->service = service_for(p);
	if (!j->service)
		return XDP_PASS;
	verdict = protect_packet(&p->key, 0, j->service->id);
	if (verdict != GO_ON)
		return verdict;
	if (is_proxied(j->service, p) && j->kind == KIND_PLAIN) {
		verdict = greet(ctx, p, j->service, now, &j->cookie);
		if (verdict != GO_ON)
			return verdict;
	}
	verdict = protect_connection(&p->key.source, j->service->id, now);
	if (verdict != GO_ON)
		return verdict;
	id = choose(j->service, &p->key);
	j->endpoint = find_endpoint(id);
	if (!j->endpoint || !(j->endpoint->flags & ENDPOINT_USABLE))
		return drop(j->service->id, DROP_NO_ENDPOINT);
	new = bpf_map_lookup_elem(&new_flows, &zero);
	if (!new)
		return XDP_ABORTED;
	fill_forward(&new->forward, p, j->service, j->endpoint, id, now);
	if (j->service->flags & SERVICE_MIRRORED && is_mirrored(&p->key.source))
		new->forward.special |= SPECIAL_MIRRORED;
	if (j->cookie)
		fill_waiting(&new->forward, p, j->cookie);
	if (is_tunnelled(&new->forward))
		fill_tunnel(&new->forward, j->service, &p->key);
	j->flow = &new->forward;
	if (is_remembered(j))
		return remember(ctx, j, new, now);
	/* Nothing says which local port an error or a reset would belong to. */
	return new->forward.mode == MODE_FULL_NAT ? drop(j->service->id, DROP_NO_CONNECTION) : GO_ON;
}

/* Whether there is a flow that this packet can use. */
INLINE int find_flow(struct journey *j)
{
	j->flow = bpf_map_lookup_elem(&flows, &j->packet.key);
	if (!j->flow)
		return 0;
	j->endpoint = find_endpoint(j->flow->endpoint);
	return j->endpoint && (j->flow->answer || !is_stale(j->flow, j->endpoint, &j->packet));
}

/* Returns a verdict, or GO_ON with flow and endpoint set. */
INLINE int find_or_begin(struct xdp_md *ctx, struct journey *j, enum stage stage)
{
	__u32 tick;
	int verdict;

	if (!find_flow(j)) {
		if (stage == STAGE_USUAL)
			return find_vip(&j->packet.key.destination) ? go_special(ctx) : XDP_PASS;
		if (stage == STAGE_INTRODUCING)
			return XDP_ABORTED;
		verdict = begin(ctx, j, bpf_ktime_get_coarse_ns());
		return verdict == GO_ON && j->flow->special & SPECIAL_INTRODUCES ? go_introducing(ctx) : verdict;
	}
	if (stage != STAGE_USUAL)
		return GO_ON;
	/* A busy flow's entry is written once per tick and not per packet, and the clock, which costs more than a tick, read as often. */
	tick = bpf_jiffies64();
	if (j->flow->tick != tick) {
		j->flow->tick = tick;
		j->flow->seen = bpf_ktime_get_coarse_ns();
	}
	if (!j->flow->answer) {
		verdict = protect_packet(&j->packet.key, j->flow, j->flow->service);
		if (verdict != GO_ON)
			return verdict;
	}
	if (!j->flow->special)
		return GO_ON;
	return j->flow->special & SPECIAL_INTRODUCES ? go_introducing(ctx) : go_special(ctx);
}

/* What is bad is ours to drop only when it is for a virtual address. */
INLINE int refuse(const struct packet *p)
{
	return find_vip(destination_of(p->ip)) ? drop(0, p->problem) : XDP_PASS;
}

#ifdef IPV6
#define USUAL forward6
#define SPECIAL special6
#define INTRODUCING introducing6
#else
#define USUAL forward4
#define SPECIAL special4
#define INTRODUCING introducing4
#endif

/* Returns a verdict, or GO_ON when there is somebody to deliver to. */
INLINE int decide(struct xdp_md *ctx, struct journey *j, enum stage stage)
{
	j->kind = parse(ctx, &j->packet);
	if (j->kind == KIND_NOT_OURS)
		return XDP_PASS;
	if (j->kind == KIND_OTHER_FAMILY) {
#ifndef IPV6
		if (j->packet.eth->h_proto == bpf_htons(ETH_P_IPV6))
			bpf_tail_call(ctx, &programs, PROGRAM_IPV6);
#endif
		return XDP_PASS;
	}
	if (j->kind == KIND_BAD)
		return refuse(&j->packet);
	return find_or_begin(ctx, j, stage);
}

/* A connection that waits for its endpoint has no states yet. */
INLINE int has_states(const struct journey *j)
{
	return j->packet.key.protocol == IPPROTO_TCP && j->kind == KIND_PLAIN && !(j->flow->special & SPECIAL_WAITS);
}

INLINE int carry(struct xdp_md *ctx, enum stage stage)
{
	struct journey j;
	int verdict;

	j.service = 0;
	j.cookie = 0;
	verdict = decide(ctx, &j, stage);
	if (verdict != GO_ON) {
		trace_dropped(ctx, &j.packet, verdict);
		return verdict & 0xff;
	}
	if (has_states(&j))
		advance(j.flow, &j.packet);
	if (j.kind == KIND_FIRST_FRAGMENT)
		remember_fragment(&j.packet);
	count_packet(j.flow, j.packet.length);
	trace_carried(ctx, &j.packet, j.flow, j.endpoint, j.service != 0);
	return deliver(ctx, &j, stage) & 0xff;
}

SEC("xdp")
int USUAL(struct xdp_md *ctx)
{
	return carry(ctx, STAGE_USUAL);
}

SEC("xdp")
int SPECIAL(struct xdp_md *ctx)
{
	return carry(ctx, STAGE_SPECIAL);
}

SEC("xdp")
int INTRODUCING(struct xdp_md *ctx)
{
	return carry(ctx, STAGE_INTRODUCING);
}

/* The kernel lets only GPL-compatible programs use some helpers; the rest of Steelyard is not touched by it. */
char LICENSE[] SEC("license") = "Dual MIT/GPL";
