/**
 * FTP control connections on their way across: the addresses of data connections become ours, and
 * data goes to the endpoint of its control connection.
 */
@NullMarked
package io.steelyard.proxy.ftp;

import org.jspecify.annotations.NullMarked;
