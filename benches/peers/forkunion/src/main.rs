//! ForkUnion 3 in the contest. Its loops hand out indices or ranges and know no slices in step, so the
//! bodies reach their arrays by pointer, as its own examples do.

use forkunion::{IntoParallelIterator, ParallelIteratorExt as _, ThreadPool, Topology};
use kernels::{CROWD, ITERATIONS, MILLION, PLATE, Row, SHORT, TRIANGLE, op, serve, work};
use std::hint::black_box;

/// An array that the threads share, each in its own range.
#[derive(Clone, Copy)]
struct Shared(*mut f64);
// SAFETY: each range is used by the one thread that it was given to.
unsafe impl Sync for Shared {}
// SAFETY: as above.
unsafe impl Send for Shared {}

impl Shared {
    fn new(v: Vec<f64>) -> Shared {
        Shared(Box::leak(v.into_boxed_slice()).as_mut_ptr())
    }
    /// # Safety
    ///
    /// The range lies inside the array and nobody writes it.
    #[inline(always)]
    unsafe fn read<'a>(self, start: usize, len: usize) -> &'a [f64] {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(self.0.add(start), len) }
    }
    /// # Safety
    ///
    /// The range lies inside the array and nobody else uses it.
    #[inline(always)]
    unsafe fn write<'a>(self, start: usize, len: usize) -> &'a mut [f64] {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(self.0.add(start), len) }
    }
}

fn pool(threads: usize) -> ThreadPool {
    let topology = Topology::new().expect("ForkUnion finds the topology");
    ThreadPool::try_spawn(&topology, threads).expect("ForkUnion starts its threads")
}

fn axpy_row(n: usize) -> Option<Row> {
    let (x, y) = (Shared::new(vec![1.0; n]), Shared::new(vec![2.0; n]));
    let mut pool = pool(2);
    op(move || {
        let a = black_box(1e-9);
        pool.for_slices(n, |prong, len| {
            // SAFETY: ranges of one loop do not overlap.
            let (x, y) = unsafe {
                (
                    x.read(prong.task_index, len),
                    y.write(prong.task_index, len),
                )
            };
            y.iter_mut().zip(x).for_each(|(y, x)| *y += a * x);
        });
    })
}

fn sum_row(n: usize) -> Option<Row> {
    let x = vec![1u64; n];
    let mut pool = pool(2);
    op(move || {
        let all = x.as_slice().into_par_iter().with_pool(&mut pool);
        let sum = all.reduce(|| 0u64, |sum, x, _| *sum += *x, |a, b| a + b);
        assert_eq!(sum, n as u64);
    })
}

fn stencil3() -> Option<Row> {
    let a = Shared::new((0..MILLION).map(|i| i as f64).collect());
    let b = Shared::new(vec![0.0; MILLION]);
    let mut pool = pool(2);
    op(move || {
        pool.for_slices(MILLION - 2, |prong, len| {
            // SAFETY: ranges of one loop do not overlap; two more elements follow the last.
            let (a, b) = unsafe {
                (
                    a.read(prong.task_index, len + 2),
                    b.write(prong.task_index + 1, len),
                )
            };
            b.iter_mut()
                .zip(a.windows(3))
                .for_each(|(b, a)| *b = (a[0] + a[1] + a[2]) * (1.0 / 3.0));
        });
    })
}

fn row5() -> Option<Row> {
    let n = PLATE;
    let start: Vec<f64> = (0..n * n).map(|k| (k / n + k % n) as f64).collect();
    let (mut a, mut b) = (Shared::new(start.clone()), Shared::new(start));
    let mut pool = pool(2);
    op(move || {
        pool.for_slices(n - 2, |prong, len| {
            for i in prong.task_index + 1..prong.task_index + 1 + len {
                // SAFETY: rows of one loop do not overlap; all rows are inside the plate.
                let (up, own, down, b) = unsafe {
                    (
                        a.read((i - 1) * n, n),
                        a.read(i * n, n),
                        a.read((i + 1) * n, n),
                        b.write(i * n, n),
                    )
                };
                for j in 1..n - 1 {
                    b[j] = 0.25 * (up[j] + down[j] + own[j - 1] + own[j + 1]);
                }
            }
        });
        std::mem::swap(&mut a, &mut b);
    })
}

fn row(name: &str) -> Option<Row> {
    match name {
        "fork_join" | "fork_join_parked" | "fork_join_oversubscribed" => {
            let mut pool = pool(if name.ends_with("oversubscribed") {
                CROWD
            } else {
                2
            });
            let fork = move || {
                pool.broadcast(|thread, _| {
                    black_box(thread);
                });
            };
            match name {
                "fork_join_parked" => Some(Row::Parked(Box::new(fork))),
                _ => op(fork),
            }
        }
        "axpy_1k" => axpy_row(1_000),
        "axpy_100k" => axpy_row(100_000),
        "axpy_10m" => axpy_row(10_000_000),
        "sum_1k" => sum_row(1_000),
        "sum_10m" => sum_row(10_000_000),
        "dynamic_1" => {
            let mut pool = pool(2);
            op(move || {
                pool.for_n_dynamic(ITERATIONS, |p| work(p.task_index as u64, SHORT));
            })
        }
        "triangular/dynamic_1" => {
            let mut pool = pool(2);
            op(move || {
                pool.for_n_dynamic(TRIANGLE, |p| work(p.task_index as u64, p.task_index as u64));
            })
        }
        "stencil3_1m" => stencil3(),
        "row5_2000" => row5(),
        _ => None,
    }
}

fn main() {
    serve(row);
}
