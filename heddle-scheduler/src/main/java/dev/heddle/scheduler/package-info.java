/// A scheduler: takes tasks from clients, gives them to workers, and tells clients how they ended.
@NullMarked
package dev.heddle.scheduler;

import org.jspecify.annotations.NullMarked;
