/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* One of everything that the loader has to do. The answer is made so that a mistake in any of it shows. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 addend = 1;
const volatile __u64 wide = 2;
__u32 runs;
__u32 started = 40;

struct pair {
	__u32 first;
	__u16 second;
	__u8 bytes[6];
	__u64 third;
};

enum colour { COLOUR_RED, COLOUR_GREEN = 5, COLOURS };
const volatile enum colour colour = COLOUR_GREEN;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct pair);
} pairs SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__uint(map_flags, BPF_F_MMAPABLE);
	__type(key, __u32);
	__type(value, __u32);
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} outer SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} next SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} per_processor SEC(".maps");

static __attribute__((noinline)) __u32 from_inner(__u32 key)
{
	__u32 zero = 0;
	void *map = bpf_map_lookup_elem(&outer, &zero);
	__u32 *value = map ? bpf_map_lookup_elem(map, &key) : 0;

	return value ? *value : 1000;
}

static __attribute__((noinline)) __u32 twice(__u32 value)
{
	return from_inner(1) + 2 * value;
}

SEC("xdp")
int sum(struct xdp_md *ctx)
{
	__u32 key = 7, zero = 0;
	struct pair *pair = bpf_map_lookup_elem(&pairs, &key);
	__u32 *own = bpf_map_lookup_elem(&per_processor, &zero);

	runs++;
	if (own)
		(*own)++;
	if (!pair)
		return 0;
	return addend + wide + twice(pair->first) + pair->second + started + runs + colour;
}

SEC("xdp")
int jump(struct xdp_md *ctx)
{
	bpf_tail_call(ctx, &next, 0);
	return 99;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
