/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Which service, and which endpoint of it. */
#ifndef STEELYARD_CHOOSE_H
#define STEELYARD_CHOOSE_H

#include "config.h"
#include "maps.h"

/* The most specific service: address, protocol and port, else all ports, else all protocols. */
INLINE struct service *find_service(const struct vip *vip, const struct flow_key *flow)
{
	struct service_key key = { .port = flow->destination_port, .protocol = flow->protocol };
	struct service *service;

	copy_address(&key.address, &flow->destination);
	service = bpf_map_lookup_elem(&services, &key);
	if (service)
		return service;
	key.port = 0;
	if (vip->any_port) {
		service = bpf_map_lookup_elem(&services, &key);
		if (service)
			return service;
	}
	if (!vip->any_protocol)
		return 0;
	key.protocol = 0;
	return bpf_map_lookup_elem(&services, &key);
}

/* The finalizer of SplitMix64 over each word: every bit of the input reaches every bit of the result. */
INLINE __u64 mix(__u64 hash, __u64 word)
{
	hash ^= word;
	hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9ULL;
	hash = (hash ^ hash >> 27) * 0x94d049bb133111ebULL;
	return hash ^ hash >> 31;
}

INLINE __u64 hash_addresses(const struct address *source, const struct address *destination)
{
	__u64 hash = hash_seed;

#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		hash = mix(hash, (__u64)source->word[i] << 32 | destination->word[i]);
	return hash;
}

INLINE __u64 hash_flow(const struct flow_key *flow)
{
	return mix(hash_addresses(&flow->source, &flow->destination),
		   (__u64)flow->source_port << 32 | (__u32)flow->destination_port << 16 | flow->protocol);
}

INLINE __u64 hash_source(const struct flow_key *flow, const struct address *mask)
{
	struct address network;

#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		network.word[i] = flow->source.word[i] & mask->word[i];
	return hash_addresses(&network, &flow->destination);
}

INLINE __u32 slot_of(const struct service *service, const struct flow_key *flow)
{
	if (service->flags & SERVICE_SOURCE)
		return (__u32)hash_source(flow, &service->source_mask) % TABLE_SLOTS;
	if (service->flags & SERVICE_IN_TURN) {
		__u32 id = service->id;
		__u32 *turn = bpf_map_lookup_elem(&turns, &id);

		/* Processors take turns of their own; each goes through the whole table. */
		if (turn)
			return (*turn)++ % TABLE_SLOTS;
	}
	return (__u32)hash_flow(flow) % TABLE_SLOTS;
}

/* How many endpoints are compared: all of a pool of so many, and some of a larger one. */
#define COMPARED 8

/* Whether an endpoint would be less busy for its weight with one more connection than another one. */
INLINE int is_less_loaded(const struct load *a, const struct load *b)
{
	__u64 of_a = a->connections < 0 ? 0 : a->connections;
	__u64 of_b = b->connections < 0 ? 0 : b->connections;

	return (of_a + 1) * b->weight < (of_b + 1) * a->weight;
}

/* Slots side by side are turns side by side: different endpoints, as often as their weights say. */
INLINE __u32 least_loaded(void *table)
{
	__u32 first = bpf_get_prandom_u32() % (TABLE_SLOTS - COMPARED);
	struct load *least = 0;
	__u32 chosen = 0;

#pragma unroll
	for (int i = 0; i < COMPARED; i++) {
		__u32 slot = first + i;
		__u32 *endpoint = bpf_map_lookup_elem(table, &slot);
		__u32 number = endpoint ? *endpoint : 0;
		struct load *load = bpf_map_lookup_elem(&loads, &number);

		if (load && number && (!least || is_less_loaded(load, least))) {
			least = load;
			chosen = number;
		}
	}
	return chosen;
}

INLINE void add_to_load(__u32 endpoint, __s32 connections)
{
	struct load *load = bpf_map_lookup_elem(&loads, &endpoint);

	if (load)
		__sync_fetch_and_add(&load->connections, connections);
}

/* The number of an endpoint, or 0. */
INLINE __u32 choose(const struct service *service, const struct flow_key *flow)
{
	__u32 slot = slot_of(service, flow);
	__u32 id = service->id;
	void *table = bpf_map_lookup_elem(&tables, &id);
	__u32 *endpoint;

	if (!table)
		return 0;
	if (service->flags & SERVICE_LEAST)
		return least_loaded(table);
	endpoint = bpf_map_lookup_elem(table, &slot);
	return endpoint ? *endpoint : 0;
}

#endif
