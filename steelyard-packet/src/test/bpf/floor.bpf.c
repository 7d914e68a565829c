/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* For measurements: the least that a program can do with a frame, and a frame that is the same every time. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

#define HEAD_BYTES 96

struct sample {
	__u32 length;
	__u32 vary; /* 1: another source port and source address each time */
	__u32 count;
	__u32 port_at;
	__u32 address_at;
	__u32 pad;
	__u8 head[HEAD_BYTES];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sample);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, 4);
} measured SEC(".maps");

/* Every frame back to where it came from. */
SEC("xdp")
int swap(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	__u8 mac[ETH_ALEN];

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	__builtin_memcpy(mac, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, mac, ETH_ALEN);
	return XDP_TX;
}

/* BPF_PROG_TEST_RUN keeps what a run made of the frame: this makes it what it was, then runs what is measured. */
SEC("xdp")
int restore(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct sample *sample = bpf_map_lookup_elem(&samples, &zero);
	int grown;
	void *data;

	if (!sample)
		return XDP_ABORTED;
	grown = (int)bpf_xdp_get_buff_len(ctx) - (int)sample->length;
	if (grown && bpf_xdp_adjust_head(ctx, grown))
		return XDP_ABORTED;
	data = (void *)(long)ctx->data;
	if (data + HEAD_BYTES > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	if (sample->vary) {
		__u32 count = sample->count++;

		if (sample->port_at > HEAD_BYTES - 2 || sample->address_at > HEAD_BYTES - 2)
			return XDP_ABORTED;
		*(__u16 *)(sample->head + sample->port_at) = count;
		*(__u16 *)(sample->head + sample->address_at) = count >> 16;
	}
	__builtin_memcpy(data, sample->head, HEAD_BYTES);
	bpf_tail_call(ctx, &measured, 0);
	return XDP_ABORTED;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
