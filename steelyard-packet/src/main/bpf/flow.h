/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * The connection table.
 *
 *   SYN ──► SYN ── ACK ──► ESTABLISHED ── FIN of one side, of both, or RST ──► ending
 *
 * UDP and other protocols have no state. What has been silent for too long is removed by Java, which knows how
 * long that is; and when the table is full, the kernel drops what was not used for longest.
 */
#ifndef STEELYARD_FLOW_H
#define STEELYARD_FLOW_H

#include "choose.h"
#include "handshake.h"
#include "packet.h"

#define PORT_TRIES 8

/* The key under which the other direction of a translated connection is found. */
INLINE void other_key(const struct flow *flow, __u8 protocol, struct flow_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	copy_address(&key->source, &flow->destination);
	copy_address(&key->destination, &flow->source);
	key->source_port = flow->destination_port;
	key->destination_port = flow->source_port;
	key->protocol = protocol;
}

INLINE int is_translated(const struct flow *flow)
{
	return flow->mode == MODE_NAT || flow->mode == MODE_FULL_NAT;
}

INLINE __u8 state_bits(const struct flow *flow, __u8 tcp_flags)
{
	if (tcp_flags & TCP_RST)
		return STATE_RESET;
	if (tcp_flags & TCP_FIN)
		return flow->answer ? STATE_FIN_ENDPOINT : STATE_FIN_CLIENT;
	if (tcp_flags & TCP_SYN)
		return STATE_SYN;
	return flow->answer ? 0 : STATE_ESTABLISHED;
}

/* Both directions learn that the connection ends: either may be what is looked at when its port is needed. */
INLINE void advance(struct flow *flow, const struct packet *p)
{
	__u8 bits = state_bits(flow, p->tcp_flags);
	struct flow_key key;
	struct flow *other;

	if (!(bits & ~flow->state))
		return;
	if (flow->loads && bits & STATE_ENDING) {
		flow->loads = 0;
		add_to_load(flow->endpoint, -1);
	}
	if (syn_proxy == SYN_PROXY_UNDER_FLOOD && bits & STATE_ESTABLISHED && is_translated(flow))
		handshake_completed(flow->service);
	flow->state |= bits;
	if (!(bits & STATE_ENDING) || !is_translated(flow))
		return;
	other_key(flow, p->key.protocol, &key);
	other = bpf_map_lookup_elem(&flows, &key);
	if (!other)
		return;
	other->state |= bits;
	if (other->loads) {
		other->loads = 0;
		add_to_load(other->endpoint, -1);
	}
}

INLINE int begins_connection(const struct packet *p)
{
	return p->key.protocol == IPPROTO_TCP && (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* A packet of its client may not use what is known: the endpoint left, or the port is used for another connection. */
INLINE int is_stale(const struct flow *flow, const struct endpoint *endpoint, const struct packet *p)
{
	if (!(endpoint->flags & ENDPOINT_USABLE))
		return 1;
	return begins_connection(p) && flow->state & STATE_ENDING;
}

INLINE void fill_forward(struct flow *flow, const struct packet *p, const struct service *service,
			 const struct endpoint *endpoint, __u32 id, __u64 now)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->seen = now;
	copy_address(&flow->source, &p->key.source);
	copy_address(&flow->destination, &endpoint->address);
	flow->source_port = p->key.source_port;
	flow->destination_port = endpoint->port ? endpoint->port : p->key.destination_port;
	flow->endpoint = id;
	flow->service = service->id;
	flow->mode = service->mode;
	if (service->flags & SERVICE_TELLS && p->key.protocol == IPPROTO_TCP)
		flow->special = SPECIAL_TELLS;
	if (service->flags & SERVICE_INTRODUCES)
		flow->special = SPECIAL_INTRODUCES;
}

/* A tap sees the connections of these. */
INLINE int is_mirrored(const struct address *source)
{
	struct prefix key = { .length = sizeof(struct address) * 8, .address = *source };

	return bpf_map_lookup_elem(&mirrored_sources, &key) != 0;
}

/* Its client has shaken hands with us, and the endpoint is about to. */
INLINE void fill_waiting(struct flow *flow, const struct packet *p, __u32 cookie)
{
	const struct tcphdr *tcp = p->transport;

	flow->special |= SPECIAL_WAITS;
	flow->shift = cookie;
	flow->first = bpf_ntohl(tcp->seq) - 1;
	flow->state = STATE_SYN;
}

INLINE void fill_answer(struct flow *flow, const struct packet *p, const struct flow *forward, __u32 ifindex)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->seen = forward->seen;
	copy_address(&flow->source, &p->key.destination);
	copy_address(&flow->destination, &p->key.source);
	flow->source_port = p->key.destination_port;
	flow->destination_port = p->key.source_port;
	flow->endpoint = forward->endpoint;
	flow->service = forward->service;
	flow->mode = forward->mode;
	flow->answer = 1;
	flow->special = forward->special;
	flow->shift = forward->shift;
	/* Answers leave by the way that the client's packets came. */
	flow->ifindex = ifindex;
	copy_mac(flow->mac, p->eth->h_source);
	copy_mac(flow->own_mac, p->eth->h_dest);
}

/* Whether the connection that has a port can be parted from it. Without states, only silence tells. */
INLINE int can_take_port(const struct flow *owner, __u8 protocol, __u64 now)
{
	__u64 silence = now - owner->seen;
	int ended = owner->state & STATE_ENDING || protocol != IPPROTO_TCP;

	return silence > (ended ? port_rest : port_idle);
}

/*
 * The former owner's forward flow must go with its port, or it would send into the new owner's connection;
 * unless its client has begun another connection from the same port in the meantime, which has a port of its own.
 */
INLINE void forget_owner(const struct flow *owner, const struct flow_key *answer_key)
{
	struct flow_key key;
	struct flow *forward;

	other_key(owner, answer_key->protocol, &key);
	forward = bpf_map_lookup_elem(&flows, &key);
	if (forward && forward->source_port == answer_key->destination_port &&
	    same_address(&forward->source, &answer_key->destination))
		bpf_map_delete_elem(&flows, &key);
}

/*
 * NAT: the way back. A client may have a connection from the same port to another service, and both may come to
 * the same port of the same endpoint, whose answers cannot be told apart then: the second one has to wait.
 */
INLINE int reserve_answer(struct new_flows *new, __u8 protocol, __u64 now)
{
	struct flow_key key;
	struct flow *owner;

	other_key(&new->forward, protocol, &key);
	if (!bpf_map_update_elem(&flows, &key, &new->answer, BPF_NOEXIST))
		return 1;
	owner = bpf_map_lookup_elem(&flows, &key);
	if (owner && (owner->source_port != new->answer.source_port ||
		      !same_address(&owner->source, &new->answer.source))) {
		if (!(owner->state & STATE_ENDING) && !can_take_port(owner, protocol, now))
			return 0;
		forget_owner(owner, &key);
	}
	bpf_map_update_elem(&flows, &key, &new->answer, BPF_ANY);
	return 1;
}

/*
 * FullNAT: a local address and port towards an endpoint. The answer's key is unique, so inserting it is what
 * reserves the port. Ports are taken in turn, per endpoint: each rests for a whole round.
 */
INLINE int reserve_port(const struct service *service, struct new_flows *new, __u8 protocol, __u64 now)
{
	__u32 endpoint = new->forward.endpoint;
	__u32 *cursor = bpf_map_lookup_elem(&port_cursors, &endpoint);
	__u32 ports = (__u32)service->local_count * service->port_count;
	struct flow_key key;

	if (!cursor || !ports)
		return 0;
	for (int i = 0; i < PORT_TRIES; i++) {
		__u32 turn = __sync_fetch_and_add(cursor, 1) % ports;
		__u32 local = service->local_first + turn % service->local_count;
		struct address *address = bpf_map_lookup_elem(&locals, &local);
		struct flow *owner;

		if (!address)
			return 0;
		copy_address(&new->forward.source, address);
		new->forward.source_port = bpf_htons(service->port_first + turn / service->local_count);
		other_key(&new->forward, protocol, &key);
		if (!bpf_map_update_elem(&flows, &key, &new->answer, BPF_NOEXIST))
			return 1;
		owner = bpf_map_lookup_elem(&flows, &key);
		if (owner && can_take_port(owner, protocol, now)) {
			forget_owner(owner, &key);
			bpf_map_update_elem(&flows, &key, &new->answer, BPF_ANY);
			return 1;
		}
	}
	return 0;
}

#endif
