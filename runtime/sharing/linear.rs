//! `linear`: a variable to which every iteration adds the same.

use std::fmt::Display;

/// Numbers that `linear(j: step)` takes (OpenMP 6.0, "linear Clause").
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in `linear(..)`",
    label = "not an integer of the thread's own",
    note = "`linear(j: step)` takes integers that each thread has for itself, and a step of the same type"
)]
pub trait Linear: Copy + PartialEq + Display {
    /// The value before iteration `k`. Wraps around as repeated additions would.
    fn before(self, step: Self, k: usize) -> Self;
}

macro_rules! integers {
    ($($t:ty)*) => {$(
        impl Linear for $t {
            #[inline(always)]
            fn before(self, step: $t, k: usize) -> $t {
                // Truncation is harmless: all is modulo two to the number of bits.
                self.wrapping_add(step.wrapping_mul(k as $t))
            }
        }
    )*};
}
integers! { u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize }

/// Looks whether iteration `k` has left the variable where the next one begins.
///
/// # Panics
///
/// When it has not: the other iterations began with other values than in a sequential loop.
#[inline(always)]
#[track_caller]
pub fn check_linear<T: Linear>(name: &str, start: T, step: T, k: usize, now: T) {
    let wanted = start.before(step, k.wrapping_add(1));
    if now != wanted {
        not_linear(name, &step, k, &now, &wanted)
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn not_linear(
    name: &str,
    step: &dyn Display,
    k: usize,
    now: &dyn Display,
    wanted: &dyn Display,
) -> ! {
    panic!(
        "linear({name}: {step}): each iteration adds {step} to `{name}`, but iteration {k} left it at {now}, and not \
         at {wanted}"
    )
}
