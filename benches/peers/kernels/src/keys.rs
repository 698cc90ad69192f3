//! The keys of the row `sort_8m`. `../c/sort.h` has the same.

/// How many.
pub const KEYS: usize = 8_000_000;
/// So many keys are sorted without tasks.
pub const RUN: usize = 1 << 20;
/// So many keys are merged without tasks.
pub const MERGE: usize = 1 << 17;

/// Keys without order, the same in every run.
pub fn keys() -> Vec<u32> {
    let mut s = 1u64;
    let next = || {
        s = s
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (s >> 32) as u32
    };
    std::iter::repeat_with(next).take(KEYS).collect()
}
