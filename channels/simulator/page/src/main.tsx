import { render } from 'preact'
import { App } from './app'
import { Server, visitor } from './server'
import { pickLanguage } from './words'
import './page.css'
import './phone.css'
import './lines.css'

const place = document.getElementById('app')
if (place) render(<App server={new Server(visitor())} language={pickLanguage(location.search, navigator.languages)} />, place)
