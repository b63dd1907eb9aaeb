@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
