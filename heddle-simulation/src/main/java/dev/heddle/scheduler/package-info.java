/// What the simulation needs of a scheduler: the real core, and around it a model of its shell, one step
/// at a time.
@NullMarked
package dev.heddle.scheduler;

import org.jspecify.annotations.NullMarked;
