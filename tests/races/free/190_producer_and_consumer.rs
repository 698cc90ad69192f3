//! N-critical-prodcons: a producer and a consumer, and a count that a critical section owns.

use crate::team::Team;
use phalanx::prelude::*;

const CAPACITY: usize = 10;

#[omp]
fn parallel(packages: usize) -> (usize, usize) {
    let size = Critical::new(0);
    let most = Atomic::new(0);
    let (produce, consume) = (packages, packages);
    #[parallel(num_threads(2), firstprivate(produce, consume))]
    {
        #[sections]
        {
            #[section]
            {
                while produce > 0 {
                    #[critical(size)]
                    {
                        if *size < CAPACITY {
                            *size += 1;
                            produce -= 1;
                            most.max(*size);
                        }
                    }
                    std::thread::yield_now();
                }
            }
            #[section]
            {
                while consume > 0 {
                    #[critical(size)]
                    {
                        if *size > 0 {
                            *size -= 1;
                            consume -= 1;
                        }
                    }
                    std::thread::yield_now();
                }
            }
        }
    }
    (size.into_inner(), most.into_inner())
}

pub fn run(_: &Team) {
    for packages in [1, 7, 100] {
        let (left, most) = parallel(packages);
        assert_eq!(left, 0);
        assert!((1..=CAPACITY.min(packages)).contains(&most), "{most}");
    }
}
