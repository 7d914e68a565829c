/** The addresses of data connections in FTP's control connection. */
@NullMarked
package io.steelyard.codec.ftp;

import org.jspecify.annotations.NullMarked;
