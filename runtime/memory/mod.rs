//! Memory: arrays whose pages lie where the threads that use them run.

pub mod first_touch;
pub mod grid;
pub mod grid3;
mod into_iter;
pub mod numa_vec;
pub mod pages;
mod raw;

pub use first_touch::Distribution;
pub use grid::Grid2;
pub use grid3::Grid3;
pub use numa_vec::NumaVec;
