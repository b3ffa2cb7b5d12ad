import './app/without-eval.ts'
import '@fontsource-variable/inter/wght.css'
import './app/page.css'
import { createRoot } from 'react-dom/client'
import { Console } from './app/console.tsx'

const place = document.getElementById('console')
if (place) createRoot(place).render(<Console />)
