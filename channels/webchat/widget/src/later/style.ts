import css from './later.css?inline'

export { css }
