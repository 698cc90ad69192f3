//! Control flow does not leave a construct.
use phalanx::prelude::*;

#[omp]
fn early(a: &mut [f64], total: &Critical<f64>) -> Option<f64> {
    'all: for step in 0..3 {
        #[parallel(shared(a))]
        {
            if step == 1 {
                return None;
            }
            for _ in 0..3 {
                // Inside, this is fine.
                if step == 2 {
                    break;
                }
                #[single(writes(a))]
                {
                    a[0] = a.first().copied()?;
                    break;
                }
            }
            #[critical(total)]
            {
                if *total > 1.0 {
                    break 'all;
                }
            }
            #[sections]
            {
                #[section]
                {
                    return None;
                }
            }
            #[for_each(disjoint(a))]
            for i in 0..10 {
                a[i] = 1.0;
                #[critical(total)]
                {
                    *total += 1.0;
                    continue;
                }
                for _ in 0..3 {
                    #[critical(total)]
                    {
                        break;
                    }
                }
            }
            #[for_each(disjoint(a))]
            for i in 0..10 {
                a[i] = 1.0;
                #[critical(total)]
                {
                    return None;
                }
            }
            #[nowait]
            {
                return None;
            }
        }
    }
    // A closure's own `return` stays inside.
    #[parallel]
    {
        let twice = |x: i32| {
            return 2 * x;
        };
        println!("{}", twice(2));
    }
    None
}

fn main() {}
