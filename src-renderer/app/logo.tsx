/** The mark of the product: an envelope in a square. */
export const Logo = ({ size = 22 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="6" fill="#1d5fc2" />
    <path d="M6 11.5 16 18l10-6.5M6 10h20v13H6z" fill="none" stroke="#fff" strokeWidth="2" strokeLinejoin="round" />
  </svg>
)
