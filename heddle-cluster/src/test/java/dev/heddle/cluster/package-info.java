@NullMarked
package dev.heddle.cluster;

import org.jspecify.annotations.NullMarked;
