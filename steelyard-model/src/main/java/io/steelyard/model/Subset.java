package io.steelyard.model;

/** Some of a pool's endpoints are enough for one of many processes. */
@Doc(
    "Of many endpoints this process uses only so many, so that not every process keeps connections to every endpoint. Processes with different numbers use different ones, evenly.")
public record Subset(
    @Doc("How many endpoints; of each zone and each group of equal priority, where there are such.")
        @Range(min = "1", max = "65535")
        int size,
    @Doc("This process's number, from 0: each process has its own.")
        @Default("0")
        @Range(min = "0", max = "1000000")
        int process) {}
