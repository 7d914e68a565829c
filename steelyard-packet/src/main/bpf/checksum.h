/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * The Internet checksum, by differences (RFC 1624). A sum of 32-bit words, folded, is the same as one of 16-bit
 * words (RFC 1071, section 2), so sums are gathered in 64 bits and folded once.
 */
#ifndef STEELYARD_CHECKSUM_H
#define STEELYARD_CHECKSUM_H

#include "family.h"

INLINE __u16 fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* HC' = ~(~HC + ~m + m'), RFC 1624, equation 3 */
INLINE __sum16 updated(__sum16 checksum, __u64 difference)
{
	return ~fold((__u16)~checksum + difference);
}

INLINE __u64 word_difference(__u32 old, __u32 new)
{
	return (__u64)(__u32)~old + new;
}

INLINE __u64 address_difference(const struct address *old, const struct address *new)
{
	__u64 sum = 0;

#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		sum += word_difference(old->word[i], new->word[i]);
	return sum;
}

INLINE __u64 port_difference(__be16 old, __be16 new)
{
	return (__u64)(__u16)~old + new;
}

/* Of an even number of bytes that is known when this is compiled. */
INLINE __u64 sum_of(const void *start, int bytes)
{
	const __u16 *word = start;
	__u64 sum = 0;

#pragma unroll
	for (int i = 0; i < bytes / 2; i++)
		sum += word[i];
	return sum;
}

#endif
