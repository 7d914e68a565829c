/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/* Reads beyond a packet, which the verifier does not let pass. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int reads_too_far(struct xdp_md *ctx)
{
	return *(char *)(long)ctx->data;
}

char LICENSE[] SEC("license") = "Dual MIT/GPL";
