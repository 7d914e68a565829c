/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * What the programs share with Java, which finds members by their names in BTF. Addresses and ports are in the
 * order of the wire unless a comment says otherwise.
 */
#ifndef STEELYARD_TYPES_H
#define STEELYARD_TYPES_H

#include "family.h"

/* A Maglev table is filled evenly when it has many more slots than endpoints; the size has to be prime. */
#define TABLE_SLOTS 65537

enum mode {
	MODE_DIRECT = 1, /* DR: another destination MAC, nothing else */
	MODE_TUNNEL,	 /* TUN: the packet in a packet */
	MODE_GUE,	 /* TUN: the packet in a UDP datagram */
	MODE_NAT,	 /* another destination; the answer comes back through here */
	MODE_FULL_NAT,	 /* another source, too, so that the answer comes back from anywhere */
};

enum service_flag {
	SERVICE_ONE_PACKET = 1, /* every packet is chosen for anew (UDP) */
	SERVICE_IN_TURN = 2,	/* slots in turn, rather than by the client's address and port */
	SERVICE_SOURCE = 4,	/* by the client's network alone */
	SERVICE_LEAST = 8,	/* of some in turn the one with the fewest connections for its weight */
	SERVICE_TELLS = 16,	/* FullNAT: endpoints are told the client's address, in a TCP option */
	SERVICE_INTRODUCES = 32, /* FullNAT: the same, in a PROXY header before the client's bytes */
	SERVICE_MIRRORED = 64,	/* a tap gets copies of what is carried for some sources */
};

enum endpoint_flag {
	ENDPOINT_USABLE = 1, /* its connections go on; without it, they are chosen for anew */
	ENDPOINT_LOCAL = 2,  /* it is this machine */
};

/* Of a connection. Several may be set; FIN and RST end it. */
enum state {
	STATE_SYN = 1,
	STATE_ESTABLISHED = 2,
	STATE_FIN_CLIENT = 4,
	STATE_FIN_ENDPOINT = 8,
	STATE_RESET = 16,
};

/* What a flow's packets need beyond other addresses; the second program does it. */
enum special {
	SPECIAL_WAITS = 1,   /* the client has shaken hands with us, the endpoint has not yet */
	SPECIAL_SHIFTED = 2, /* the client knows the endpoint's bytes by other numbers */
	SPECIAL_TELLS = 4,   /* the endpoint may not know the client's address yet */
	SPECIAL_INTRODUCES = 8, /* a PROXY header is before the client's bytes */
	SPECIAL_INTRODUCED = 16, /* the endpoint has it */
	SPECIAL_MIRRORED = 32, /* a tap gets a copy */
};

#define STATE_ENDING (STATE_FIN_CLIENT | STATE_FIN_ENDPOINT | STATE_RESET)

enum syn_proxy {
	SYN_PROXY_NEVER,
	SYN_PROXY_UNDER_FLOOD,
	SYN_PROXY_ALWAYS,
};

/* Why a packet for a service went no further. Java reads the names. */
enum drop {
	DROP_MALFORMED,	    /* lengths that contradict each other, source equal to destination */
	DROP_TCP_FLAGS,	    /* no flags, SYN with FIN or RST, FIN without ACK */
	DROP_OPTIONS,	    /* IP options, IPv6 extension headers */
	DROP_FRAGMENT,	    /* a fragment whose first one was not seen */
	DROP_NO_ENDPOINT,   /* the table has none */
	DROP_NO_PORT,	    /* FullNAT: all local ports tried are in use; NAT: the client's port is, at that endpoint */
	DROP_NO_CONNECTION, /* FullNAT: in the middle of a connection that is not known */
	DROP_TTL,	    /* would end here */
	DROP_TOO_BIG,	    /* for the tunnel; the sender was told */
	DROP_DENIED,	    /* by an access list */
	DROP_PACKET_RATE,   /* of the source */
	DROP_NEW_RATE,	    /* of new connections of the source */
	DROP_RULE,	    /* a rule says so */
	DROP_COOKIE,	    /* SYN proxy: it answers nothing that we sent */
	DROP_REASONS,
};

struct service_key {
	struct address address;
	__be16 port;	/* 0: any */
	__u8 protocol;	/* 0: any */
	__u8 pad;
};

/* What there is at a virtual address, so that other traffic costs one look. */
struct vip {
	__u8 any_port;	   /* a service takes all ports of a protocol */
	__u8 any_protocol; /* a service takes all protocols */
	__u8 pad[2];
};

struct service {
	__u32 id;
	__u8 mode;
	__u8 flags;
	__u16 local_first;	      /* FullNAT: its addresses in the map of them */
	__u16 local_count;
	__u16 port_first;	      /* FullNAT: ports of each, in the order of this machine */
	__u16 port_count;
	__u16 pad;
	struct address source_mask;   /* SERVICE_SOURCE: what counts of the client's address */
	struct address tunnel_source; /* TUN: the outer source … */
	__be32 tunnel_vary;	      /* … and which bits of its last word differ from flow to flow */
};

struct endpoint {
	struct address address;
	__be16 port;
	__u16 flags;
	__u8 mac[ETH_ALEN];	/* of the next hop to it */
	__u8 own_mac[ETH_ALEN]; /* of the interface that leads there */
	__u32 ifindex;
	__u32 mtu;		/* of the path, from the IP header on */
	__u32 service;		/* to which it belongs; for Java, after a restart */
};

struct flow_key {
	struct address source;
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 pad[3];
};

/*
 * What becomes of the packets of one direction. Source and destination are those of the outer header in TUN. NAT and FullNAT have two of these per connection: the key of
 * the second is the answer as the endpoint sends it, and it holds the way back to the client.
 */
struct flow {
	__u64 seen; /* CLOCK_MONOTONIC in ns, as coarse as the kernel's tick */
	struct address source;
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u32 endpoint;
	__u16 service;
	__u16 checked; /* in which state the access list let it in */
	__u32 ifindex; /* of an answer: where the client's frames came from */
	__u8 mac[ETH_ALEN];
	__u8 own_mac[ETH_ALEN];
	__u8 mode;
	__u8 answer; /* from the endpoint to the client */
	__u8 state;
	__u8 loads; /* it counts in its endpoint's load while it lasts */
	__u32 shift;  /* SPECIAL_WAITS: our first number, the cookie; SPECIAL_SHIFTED: the client's number less the endpoint's */
	__u32 first;  /* SPECIAL_WAITS, SPECIAL_INTRODUCES: the client's first number; SPECIAL_TELLS: that of the endpoint's first byte */
	__u8 special; /* of enum special */
	__u8 pad[3];
	__u32 tick; /* of the kernel, in which seen was written last */
};

/* SYN proxy: how many connections of a service begin and go no further. */
struct handshakes {
	__u64 full;    /* a token bucket, as in struct source_limits */
	__u64 flooded; /* until when cookies are sent */
};

struct handshake_stats {
	__u64 cookies; /* sent */
	__u64 opened;  /* by a client that sent one back */
};

/* What cookies are made with. Java draws it once. */
struct secret {
	__u64 key[2];
};

/*
 * SERVICE_LEAST: what an endpoint has to do. Programs count up and down, and Java sets it right at each sweep, so
 * that it may be wrong for a while, even less than nothing.
 */
struct load {
	__s32 connections;
	__u32 weight;
};

struct endpoint_stats {
	__u64 packets;
	__u64 bytes;
	__u64 answer_packets;
	__u64 answer_bytes;
	__u64 connections;
};

struct fragment_key {
	struct address source;
	struct address destination;
	__u32 id;
	__u8 protocol;
	__u8 pad[3];
};

struct ports {
	__be16 source;
	__be16 destination;
};

/* What somebody wants to see: one in so many packets of an address; every 0: nothing. */
struct tracing {
	struct address vip;
	__u32 every;
};

/* A packet and what became of it. */
struct trace {
	__u64 time; /* CLOCK_MONOTONIC in ns */
	struct flow_key key; /* as it came, as are the MACs and the interface that follow */
	__u32 length;
	__u32 ifindex;
	__u8 mac_source[ETH_ALEN];
	__u8 mac_destination[ETH_ALEN];
	__u8 out_mac_source[ETH_ALEN];
	__u8 out_mac_destination[ETH_ALEN];
	__u32 out_ifindex;
	struct address endpoint;
	struct address source; /* as in struct flow */
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 tcp_flags;
	__u8 mode;
	__u8 answer;
	__u8 fresh; /* it begins a connection, or was chosen for anew */
	__u8 local; /* the endpoint is this machine */
	__u8 dropped;
	__u8 reason; /* an enum drop */
	__u8 pad;
};

struct prefix {
	__u32 length;
	struct address address;
};

/* What a packet has to be like for a rule to count; masks of 0 let every address. */
struct rule {
	struct address source;
	struct address source_mask;
	struct address destination;
	struct address destination_mask;
	__u16 source_first; /* ports in the order of this machine */
	__u16 source_last;
	__u16 destination_first;
	__u16 destination_last;
	__u8 protocol; /* 0: any */
	__u8 drops;    /* or lets it in */
	__u8 pad[2];
};

/* Token buckets of one source; tokens are kept as the time at which the bucket would be full. */
struct source_limits {
	__u64 packets_full;
	__u64 connections_full;
};

#endif
