import { render } from 'preact'
import { visitor } from '../server'
import { pickLanguage } from '../words'
import { MailApp } from './app'
import { Server } from './server'
import '../page.css'
import './mail.css'

const place = document.getElementById('app')
if (place) render(<MailApp server={new Server(visitor())} language={pickLanguage(location.search, navigator.languages)} />, place)
