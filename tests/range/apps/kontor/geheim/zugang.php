<?php $dbpass = 'kontor'; $schluessel = 'b7e2-verleih-intern';
